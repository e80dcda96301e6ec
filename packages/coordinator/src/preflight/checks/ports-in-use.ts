import type { NodeView } from '../../plan/cluster-view.ts';
import type { Check, FindingDraft } from '../check.ts';

/** https://kubernetes.io/docs/reference/networking/ports-and-protocols/ */
const ports: Readonly<Record<NodeView['spec']['role'], Readonly<Record<number, string>>>> = {
  'control-plane': {
    2379: 'etcd',
    2380: 'etcd',
    6443: 'the API server',
    10250: 'the kubelet',
    10257: 'the controller manager',
    10259: 'the scheduler',
  },
  worker: { 10250: 'the kubelet' },
};

/** On a machine that is no member yet, nobody may sit on the cluster's ports. */
export const portsInUse: Check = {
  id: 'ports-in-use',
  ofFacts: ({ nodes }) =>
    nodes.flatMap(({ spec, facts }): readonly FindingDraft[] => {
      if (facts.membership.kubeletConfigured) return [];
      const needed = ports[spec.role];
      const taken = Map.groupBy(
        facts.network.listeners.filter(({ port }) => needed[port] !== undefined),
        ({ port }) => port,
      );
      return [...taken].map(([port, listeners]) => ({
        severity: 'error',
        node: spec.name,
        message: `port ${port}, which ${needed[port]} needs, is in use by ${listeners[0]?.process ?? 'an unknown process'}`,
        evidence: listeners.map((listener) => `${listener.address}:${port} ${listener.process ?? 'unknown process'}`),
        remedy: `Stop what listens there: \`ss -ltnp sport = :${port}\` on the node shows it.`,
      }));
    }),
};
