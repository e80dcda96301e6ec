// Original file: proto/drover/v1/actions.proto


/**
 * ensure. The unit reaches the network through the proxy, by a drop-in of its own; it is restarted when that changed and it runs.
 */
export interface ConfigureRuntimeProxy {
  /**
   * docker.service or containerd.service.
   */
  'unit'?: (string);
  /**
   * URLs without a password; at least one of both.
   */
  'httpProxy'?: (string);
  'httpsProxy'?: (string);
  /**
   * Names, addresses and networks that are reached without it.
   */
  'noProxy'?: (string)[];
}

/**
 * ensure. The unit reaches the network through the proxy, by a drop-in of its own; it is restarted when that changed and it runs.
 */
export interface ConfigureRuntimeProxy__Output {
  /**
   * docker.service or containerd.service.
   */
  'unit': (string);
  /**
   * URLs without a password; at least one of both.
   */
  'httpProxy': (string);
  'httpsProxy': (string);
  /**
   * Names, addresses and networks that are reached without it.
   */
  'noProxy': (string)[];
}
