import { type Facts, watchedPorts } from '@drover/proto';
import type { ClusterSpec, NodeSpec } from '../../clusters/cluster-spec.ts';
import { apiServerPort } from '../../clusters/endpoint.ts';
import { nodeCheck } from '../define-check.ts';

type Listener = Facts['network']['listeners'][number];

const source = 'https://kubernetes.io/docs/reference/networking/ports-and-protocols/';

/** What kubeadm's own preflight wants free. */
function neededPorts(spec: ClusterSpec, role: NodeSpec['role']): ReadonlyMap<number, string> {
  const kubelet: readonly (readonly [number, string])[] = [[10250, 'the kubelet']];
  if (role === 'worker') return new Map(kubelet);
  return new Map([
    ...kubelet,
    [apiServerPort(spec), 'the API server'],
    [2379, 'etcd'],
    [2380, 'etcd'],
    [10257, 'the controller manager'],
    [10259, 'the scheduler'],
  ]);
}

/** Ports that parts of a cluster take without looking first: they log an error, and do without. */
const alsoTaken: ReadonlyMap<string, string> = new Map([
  ['10248/tcp', 'the kubelet’s health check'],
  ['10249/tcp', 'kube-proxy’s metrics'],
  ['10256/tcp', 'kube-proxy’s health check'],
  ['8472/udp', 'a VXLAN pod network (flannel, Cilium)'],
  ['4789/udp', 'a VXLAN pod network (Calico)'],
]);

/** On a machine that is no member yet, nobody may sit on the cluster's ports. */
export const portsInUse = nodeCheck({
  id: 'ports-in-use',
  title: 'Nobody listens on the ports that the node’s role needs',
  scope: 'node',
  reads: ['network', 'membership'],
  shows: 'Address, port and process of who listens',
  rules: {
    taken: {
      severity: 'error',
      when: 'Somebody listens on a port of the control plane or of the kubelet',
      source,
      remedy: 'Stop what listens there: `ss -lntup` on the node shows it.',
    },
    alsoTaken: {
      severity: 'warning',
      when: 'Somebody listens on a port of a health check, of metrics or of a pod network',
      source,
      remedy: 'Stop what listens there: `ss -lntup` on the node shows it.',
    },
  },
  ofNode: ({ spec: node, facts: { network, membership } }, { spec }) => {
    if (membership.kubeletConfigured) return [];
    const needed = neededPorts(spec, node.role);
    const unwatched = [...needed.keys()].filter((port) => !watchedPorts.tcp.some((each) => each === port));
    const byPort = Map.groupBy(network.listeners, ({ port, protocol }) => `${port}/${protocol}`);
    const found = [...byPort].map(([key, listeners]) => {
      const [port, protocol] = key.split('/');
      const owner = protocol === 'tcp' ? needed.get(Number(port)) : undefined;
      return { key, port, listeners, owner, other: alsoTaken.get(key) };
    });
    return [
      ...found.flatMap(({ port, listeners, owner }) =>
        owner === undefined ? [] : [{ rule: 'taken' as const, ...describe(`port ${port}`, owner, listeners) }],
      ),
      ...found.flatMap(({ key, listeners, owner, other }) =>
        owner !== undefined || other === undefined
          ? []
          : [{ rule: 'alsoTaken' as const, ...describe(`port ${key}`, other, listeners) }],
      ),
      ...unwatched.map((port) => ({ untold: `facts do not say who listens on port ${port}` })),
    ];
  },
});

function describe(port: string, owner: string, listeners: readonly Listener[]) {
  const by = listeners[0]?.process ?? 'an unknown process';
  return {
    message: `${port}, which ${owner} needs, is in use by ${by}`,
    evidence: listeners.map((each) => `${each.address}:${each.port} ${each.process ?? 'unknown process'}`),
    ...(listeners[0] === undefined
      ? {}
      : { remedy: `Stop what listens there: \`ss -lntup sport = :${listeners[0].port}\` on the node shows it.` }),
  };
}
