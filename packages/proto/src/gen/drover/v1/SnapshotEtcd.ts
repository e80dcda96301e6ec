// Original file: proto/drover/v1/actions.proto


/**
 * ensure. A snapshot of etcd's data under this name is on this machine, verified, for root alone.
 */
export interface SnapshotEtcd {
  /**
   * Small letters, digits, dots and dashes.
   */
  'name'?: (string);
  /**
   * So many of the newest are kept.
   */
  'keep'?: (number);
}

/**
 * ensure. A snapshot of etcd's data under this name is on this machine, verified, for root alone.
 */
export interface SnapshotEtcd__Output {
  /**
   * Small letters, digits, dots and dashes.
   */
  'name': (string);
  /**
   * So many of the newest are kept.
   */
  'keep': (number);
}
