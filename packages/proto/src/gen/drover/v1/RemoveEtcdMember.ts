// Original file: proto/drover/v1/actions.proto


/**
 * ensure, guarded. On a surviving member; id, name and peer URL have to agree.
 */
export interface RemoveEtcdMember {
  /**
   * In hexadecimal digits, as etcdctl prints it.
   */
  'memberId'?: (string);
  /**
   * Empty for a member that was added and never started.
   */
  'name'?: (string);
  'peerUrl'?: (string);
}

/**
 * ensure, guarded. On a surviving member; id, name and peer URL have to agree.
 */
export interface RemoveEtcdMember__Output {
  /**
   * In hexadecimal digits, as etcdctl prints it.
   */
  'memberId': (string);
  /**
   * Empty for a member that was added and never started.
   */
  'name': (string);
  'peerUrl': (string);
}
