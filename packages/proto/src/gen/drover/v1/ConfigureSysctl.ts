// Original file: proto/drover/v1/actions.proto


/**
 * ensure. In effect now, and persisted in /etc/sysctl.d.
 */
export interface ConfigureSysctl {
  'values'?: ({[key: string]: string});
}

/**
 * ensure. In effect now, and persisted in /etc/sysctl.d.
 */
export interface ConfigureSysctl__Output {
  'values': ({[key: string]: string});
}
