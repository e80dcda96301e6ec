// Original file: proto/drover/v1/actions.proto


/**
 * ensure, guarded. Nothing of a membership is left on the node. Draining it and deleting its Node are not a part of this.
 */
export interface ResetNode {
  /**
   * sha256:<hex> of the CA of the cluster that the node may leave: a member of any other is not touched.
   */
  'caHash'?: (string);
  /**
   * The cluster ends with this node, and its data with it. Without, a node whose etcd member is listed is not touched.
   */
  'endsCluster'?: (boolean);
  /**
   * Client URLs of the other members, which say whether this node's is listed. For control planes.
   */
  'etcdEndpoints'?: (string)[];
  /**
   * The pods' addresses, as in 10.244.0.0/16: routes into it go as well. May be empty.
   */
  'podCidr'?: (string);
}

/**
 * ensure, guarded. Nothing of a membership is left on the node. Draining it and deleting its Node are not a part of this.
 */
export interface ResetNode__Output {
  /**
   * sha256:<hex> of the CA of the cluster that the node may leave: a member of any other is not touched.
   */
  'caHash': (string);
  /**
   * The cluster ends with this node, and its data with it. Without, a node whose etcd member is listed is not touched.
   */
  'endsCluster': (boolean);
  /**
   * Client URLs of the other members, which say whether this node's is listed. For control planes.
   */
  'etcdEndpoints': (string)[];
  /**
   * The pods' addresses, as in 10.244.0.0/16: routes into it go as well. May be empty.
   */
  'podCidr': (string);
}
