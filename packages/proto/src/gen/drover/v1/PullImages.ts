// Original file: proto/drover/v1/actions.proto


/**
 * ensure. Present in the runtime's store under exactly this reference.
 */
export interface PullImages {
  'images'?: (string)[];
  /**
   * docker or containerd; empty for docker.
   */
  'runtime'?: (string);
}

/**
 * ensure. Present in the runtime's store under exactly this reference.
 */
export interface PullImages__Output {
  'images': (string)[];
  /**
   * docker or containerd; empty for docker.
   */
  'runtime': (string);
}
