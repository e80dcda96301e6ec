// Original file: proto/drover/v1/actions.proto


export interface Taint {
  'key'?: (string);
  'value'?: (string);
  'effect'?: (string);
}

export interface Taint__Output {
  'key': (string);
  'value': (string);
  'effect': (string);
}
