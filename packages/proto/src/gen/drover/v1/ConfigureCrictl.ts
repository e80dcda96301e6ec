// Original file: proto/drover/v1/actions.proto


/**
 * ensure. /etc/crictl.yaml names the socket; its other settings stay.
 */
export interface ConfigureCrictl {
  /**
   * unix:///run/containerd/containerd.sock
   */
  'endpoint'?: (string);
}

/**
 * ensure. /etc/crictl.yaml names the socket; its other settings stay.
 */
export interface ConfigureCrictl__Output {
  /**
   * unix:///run/containerd/containerd.sock
   */
  'endpoint': (string);
}
