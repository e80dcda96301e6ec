// Original file: proto/drover/v1/actions.proto


/**
 * ensure. A copy of admin.conf for a user of the machine, mode 0600.
 */
export interface WriteKubeconfig {
  'user'?: (string);
}

/**
 * ensure. A copy of admin.conf for a user of the machine, mode 0600.
 */
export interface WriteKubeconfig__Output {
  'user': (string);
}
