// Original file: proto/drover/v1/actions.proto


export interface EndpointPod {
  /**
   * Becomes /etc/kubernetes/manifests/drover-endpoint-<name>.yaml.
   */
  'name'?: (string);
  /**
   * A Pod of kube-system on the host's network, as JSON.
   */
  'manifest'?: (string);
}

export interface EndpointPod__Output {
  /**
   * Becomes /etc/kubernetes/manifests/drover-endpoint-<name>.yaml.
   */
  'name': (string);
  /**
   * A Pod of kube-system on the host's network, as JSON.
   */
  'manifest': (string);
}
