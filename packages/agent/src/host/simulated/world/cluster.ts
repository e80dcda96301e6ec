/** A cluster that is played: what its API would have. */
export interface SimulatedCluster {
  /** `host:port`, as nodes reach it. */
  readonly endpoint: string;
  readonly version: string;
  /** PEM. */
  readonly caCertificate: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly nodes: Readonly<Record<string, SimulatedNode>>;
  /** Every other object, by `kind/namespace/name`, kind in small letters. */
  readonly objects: Readonly<Record<string, SimulatedObject>>;
  /** Those of etcd; none in a world that was made before there were any. */
  readonly etcdMembers?: readonly SimulatedMember[];
  /** Grows with each change of a node. */
  readonly revision: number;
}

/** A member of the cluster's etcd. */
export interface SimulatedMember {
  /** Decimal, as the JSON gateway has it. */
  readonly id: string;
  readonly name: string;
  readonly address: string;
  /** Its machine is off, say: it answers nobody, and its vote is missing. */
  readonly isDown?: true;
  readonly isLearner?: true;
}

/** A member as the cluster has it. */
export interface SimulatedNode {
  readonly name: string;
  readonly uid: string;
  readonly address: string;
  readonly kubeletVersion: string;
  readonly runtimeVersion: string;
  readonly controlPlane: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** It was cordoned. */
  readonly unschedulable?: true;
  /** As its machine had them when it registered. */
  readonly machineId?: string;
  readonly bootId?: string;
  readonly resourceVersion: number;
}

/** An object as it was applied or created. */
export interface SimulatedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The document as it was given. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly appliedAt: number;
}

/** How long after the pod network's arrival, or its own, a node needs to become Ready. */
const settlingMs = 400;

/** Whether a node is Ready: a pod network is there, and both have had their moment. Nothing has to run for it. */
export function isNodeReady(cluster: SimulatedCluster, node: SimulatedNode, now: number, pace: number): boolean {
  const networks = Object.values(cluster.objects).filter(
    ({ kind, name }) => kind === 'DaemonSet' && name !== 'kube-proxy',
  );
  const since = Math.min(...networks.map(({ appliedAt }) => appliedAt));
  return now >= Math.max(since, node.createdAt) + settlingMs * pace;
}

/** The cluster with one node replaced or added, under a new revision. */
export function withNode(cluster: SimulatedCluster, node: Omit<SimulatedNode, 'resourceVersion'>): SimulatedCluster {
  const revision = cluster.revision + 1;
  return { ...cluster, revision, nodes: { ...cluster.nodes, [node.name]: { ...node, resourceVersion: revision } } };
}

/** The cluster without a node. */
export function withoutNode(cluster: SimulatedCluster, name: string): SimulatedCluster {
  const { [name]: _removed, ...nodes } = cluster.nodes;
  return { ...cluster, revision: cluster.revision + 1, nodes };
}

/** The cluster with one member of etcd more. */
export function withMember(cluster: SimulatedCluster, member: SimulatedMember): SimulatedCluster {
  return { ...cluster, etcdMembers: [...(cluster.etcdMembers ?? []), member] };
}

/** The cluster with objects added or replaced. */
export function withObjects(cluster: SimulatedCluster, objects: readonly SimulatedObject[]): SimulatedCluster {
  const entries = objects.map((object) => [objectKey(object), object] as const);
  return { ...cluster, objects: { ...cluster.objects, ...Object.fromEntries(entries) } };
}

/** The key of an object. */
export function objectKey({ kind, namespace, name }: Pick<SimulatedObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind.toLowerCase()}/${namespace}/${name}`;
}
