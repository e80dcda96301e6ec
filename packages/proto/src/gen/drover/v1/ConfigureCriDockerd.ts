// Original file: proto/drover/v1/actions.proto


/**
 * ensure. cri-dockerd runs with the sandbox image, by a drop-in of its unit.
 */
export interface ConfigureCriDockerd {
  /**
   * Empty for its own choice.
   */
  'sandboxImage'?: (string);
}

/**
 * ensure. cri-dockerd runs with the sandbox image, by a drop-in of its unit.
 */
export interface ConfigureCriDockerd__Output {
  /**
   * Empty for its own choice.
   */
  'sandboxImage': (string);
}
