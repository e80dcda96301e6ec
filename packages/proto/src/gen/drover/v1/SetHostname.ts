// Original file: proto/drover/v1/actions.proto


/**
 * ensure. The static hostname, now and after a reboot.
 */
export interface SetHostname {
  'hostname'?: (string);
}

/**
 * ensure. The static hostname, now and after a reboot.
 */
export interface SetHostname__Output {
  'hostname': (string);
}
