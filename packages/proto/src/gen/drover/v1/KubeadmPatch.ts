// Original file: proto/drover/v1/actions.proto


/**
 * A file of the folder that kubeadm reads patches from; it is there only while kubeadm runs.
 */
export interface KubeadmPatch {
  /**
   * target[suffix][+type].extension, as kubeadm wants it: etcd0+strategic.json.
   */
  'name'?: (string);
  'content'?: (string);
}

/**
 * A file of the folder that kubeadm reads patches from; it is there only while kubeadm runs.
 */
export interface KubeadmPatch__Output {
  /**
   * target[suffix][+type].extension, as kubeadm wants it: etcd0+strategic.json.
   */
  'name': (string);
  'content': (string);
}
