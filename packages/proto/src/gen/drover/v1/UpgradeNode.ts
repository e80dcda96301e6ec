// Original file: proto/drover/v1/actions.proto


/**
 * ensure, guarded. The node's packages are at the version already.
 */
export interface UpgradeNode {
  'nodeName'?: (string);
  /**
   * As in v1.20.9.
   */
  'kubernetesVersion'?: (string);
  /**
   * The first control plane of the cluster to be upgraded: kubeadm upgrade apply. All others: kubeadm upgrade node.
   */
  'first'?: (boolean);
  'ignoredPreflightErrors'?: (string)[];
}

/**
 * ensure, guarded. The node's packages are at the version already.
 */
export interface UpgradeNode__Output {
  'nodeName': (string);
  /**
   * As in v1.20.9.
   */
  'kubernetesVersion': (string);
  /**
   * The first control plane of the cluster to be upgraded: kubeadm upgrade apply. All others: kubeadm upgrade node.
   */
  'first': (boolean);
  'ignoredPreflightErrors': (string)[];
}
