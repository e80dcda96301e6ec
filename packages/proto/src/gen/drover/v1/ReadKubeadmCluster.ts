// Original file: proto/drover/v1/actions.proto


/**
 * query. Answers with the KubeadmCluster document: what kubeadm wrote down of the cluster, in the cluster. On a control-plane
 * node.
 */
export interface ReadKubeadmCluster {
}

/**
 * query. Answers with the KubeadmCluster document: what kubeadm wrote down of the cluster, in the cluster. On a control-plane
 * node.
 */
export interface ReadKubeadmCluster__Output {
}
