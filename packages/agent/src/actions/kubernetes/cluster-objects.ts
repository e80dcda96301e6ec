import { type Static, Type } from 'typebox';

/** Labels and annotations: absent in the API's answer when there are none. */
const Names = Type.Optional(Type.Record(Type.String(), Type.String()));

/** A taint of a Node. */
export const NodeTaint = Type.Object({
  key: Type.String(),
  value: Type.Optional(Type.String()),
  effect: Type.String(),
});
export type NodeTaint = Static<typeof NodeTaint>;

/** A Node, as far as Drover reads it (Kubernetes API, core/v1). */
export const NodeObject = Type.Object({
  metadata: Type.Object({
    name: Type.String(),
    uid: Type.String(),
    resourceVersion: Type.String(),
    creationTimestamp: Type.String(),
    labels: Names,
    annotations: Names,
  }),
  spec: Type.Object({
    taints: Type.Optional(Type.Array(NodeTaint)),
    unschedulable: Type.Optional(Type.Boolean()),
    podCIDRs: Type.Optional(Type.Array(Type.String())),
  }),
  status: Type.Object({
    conditions: Type.Optional(
      Type.Array(
        Type.Object({
          type: Type.String(),
          status: Type.String(),
          reason: Type.Optional(Type.String()),
          message: Type.Optional(Type.String()),
        }),
      ),
    ),
    addresses: Type.Optional(Type.Array(Type.Object({ type: Type.String(), address: Type.String() }))),
    allocatable: Type.Optional(Type.Record(Type.String(), Type.String())),
    nodeInfo: Type.Object({
      kubeletVersion: Type.String(),
      containerRuntimeVersion: Type.String(),
      machineID: Type.Optional(Type.String()),
      bootID: Type.Optional(Type.String()),
    }),
  }),
});
export type NodeObject = Static<typeof NodeObject>;

/** The answer to `get nodes`. */
export const NodeList = Type.Object({ items: Type.Array(NodeObject) });

/** The leases by which kubelets say that they are there (coordination.k8s.io/v1). */
export const LeaseList = Type.Object({
  items: Type.Array(
    Type.Object({
      metadata: Type.Object({ name: Type.String() }),
      spec: Type.Object({ renewTime: Type.Optional(Type.String()) }),
    }),
  ),
});

/** A ConfigMap's data. */
export const ConfigMap = Type.Object({ data: Type.Optional(Type.Record(Type.String(), Type.String())) });

/** Any object, by kind and name alone. */
export const NamedObject = Type.Object({
  kind: Type.String(),
  metadata: Type.Object({ name: Type.String(), namespace: Type.Optional(Type.String()) }),
});

/** Several of any kind. */
export const ObjectList = Type.Object({ items: Type.Array(NamedObject) });

/** Whether the Node's own Ready condition is true. */
export function isReady(node: NodeObject): boolean {
  return node.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

/** The kubelet's own words for why its Node is not Ready. */
export function whyNotReady(node: NodeObject): string {
  const ready = node.status.conditions?.find(({ type }) => type === 'Ready');
  return ready?.message ?? ready?.reason ?? 'its kubelet has not reported yet';
}
