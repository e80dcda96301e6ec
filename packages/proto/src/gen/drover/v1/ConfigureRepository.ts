// Original file: proto/drover/v1/actions.proto


/**
 * ensure. One yum repository in a file of its own under /etc/yum.repos.d.
 */
export interface ConfigureRepository {
  'id'?: (string);
  'name'?: (string);
  'baseUrl'?: (string);
  'gpgCheck'?: (boolean);
  'gpgKeys'?: (string)[];
  /**
   * Package names that only an explicit --disableexcludes may touch.
   */
  'exclude'?: (string)[];
}

/**
 * ensure. One yum repository in a file of its own under /etc/yum.repos.d.
 */
export interface ConfigureRepository__Output {
  'id': (string);
  'name': (string);
  'baseUrl': (string);
  'gpgCheck': (boolean);
  'gpgKeys': (string)[];
  /**
   * Package names that only an explicit --disableexcludes may touch.
   */
  'exclude': (string)[];
}
