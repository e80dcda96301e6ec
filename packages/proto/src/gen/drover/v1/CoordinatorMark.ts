// Original file: proto/drover/v1/session.proto


/**
 * How far one start of a coordinator has come. The agent keeps the newest and shows it in its next hello.
 */
export interface CoordinatorMark {
  /**
   * As in the frames of that start.
   */
  'epoch'?: (number);
  /**
   * Names the start: two coordinators with one epoch are told apart by it.
   */
  'coordinatorId'?: (string);
  /**
   * The last revision of its store that was committed before the mark was made.
   */
  'revision'?: (number | string);
  /**
   * By the coordinator's CA over the three, so that no node can make one up.
   */
  'signature'?: (Buffer | Uint8Array | string);
}

/**
 * How far one start of a coordinator has come. The agent keeps the newest and shows it in its next hello.
 */
export interface CoordinatorMark__Output {
  /**
   * As in the frames of that start.
   */
  'epoch': (number);
  /**
   * Names the start: two coordinators with one epoch are told apart by it.
   */
  'coordinatorId': (string);
  /**
   * The last revision of its store that was committed before the mark was made.
   */
  'revision': (number);
  /**
   * By the coordinator's CA over the three, so that no node can make one up.
   */
  'signature': (Buffer);
}
