// Original file: proto/drover/v1/actions.proto


export interface HostsEntry {
  'address'?: (string);
  'names'?: (string)[];
}

export interface HostsEntry__Output {
  'address': (string);
  'names': (string)[];
}
