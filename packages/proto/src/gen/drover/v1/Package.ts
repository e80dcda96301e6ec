// Original file: proto/drover/v1/actions.proto


export interface Package {
  'name'?: (string);
  /**
   * Version without release, as the field writes it: 20.10.24, 1.20.2; on Debian's family also a full one.
   */
  'version'?: (string);
}

export interface Package__Output {
  'name': (string);
  /**
   * Version without release, as the field writes it: 20.10.24, 1.20.2; on Debian's family also a full one.
   */
  'version': (string);
}
