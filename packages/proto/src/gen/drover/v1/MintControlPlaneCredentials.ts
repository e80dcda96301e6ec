// Original file: proto/drover/v1/actions.proto


/**
 * mint. As MintJoinCredentials, for a node that becomes a control plane: also a fresh certificate key, under which the
 * cluster's certificates are uploaded. Refused while etcd lists a member of the node's name or peer address.
 */
export interface MintControlPlaneCredentials {
  'recipientCertificate'?: (string);
  'recipientNodeId'?: (string);
  'recipientIncarnation'?: (number);
  'nodeName'?: (string);
  'ttlMs'?: (number);
  /**
   * Where the joining node's etcd will be reached by its peers: the advertise address of its JoinConfiguration.
   */
  'peerAddress'?: (string);
  /**
   * InitConfiguration and ClusterConfiguration as JSON, without certificateKey: the agent fills it in.
   */
  'kubeadmConfig'?: (string);
}

/**
 * mint. As MintJoinCredentials, for a node that becomes a control plane: also a fresh certificate key, under which the
 * cluster's certificates are uploaded. Refused while etcd lists a member of the node's name or peer address.
 */
export interface MintControlPlaneCredentials__Output {
  'recipientCertificate': (string);
  'recipientNodeId': (string);
  'recipientIncarnation': (number);
  'nodeName': (string);
  'ttlMs': (number);
  /**
   * Where the joining node's etcd will be reached by its peers: the advertise address of its JoinConfiguration.
   */
  'peerAddress': (string);
  /**
   * InitConfiguration and ClusterConfiguration as JSON, without certificateKey: the agent fills it in.
   */
  'kubeadmConfig': (string);
}
