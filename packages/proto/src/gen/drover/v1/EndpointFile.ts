// Original file: proto/drover/v1/actions.proto


export interface EndpointFile {
  /**
   * Becomes /etc/kubernetes/drover-endpoint/<name>.
   */
  'name'?: (string);
  'content'?: (string);
  'executable'?: (boolean);
}

export interface EndpointFile__Output {
  /**
   * Becomes /etc/kubernetes/drover-endpoint/<name>.
   */
  'name': (string);
  'content': (string);
  'executable': (boolean);
}
