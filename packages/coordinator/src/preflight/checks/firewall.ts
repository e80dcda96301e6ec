import type { Facts } from '@drover/proto';
import type { ClusterSpec, NodeSpec } from '../../clusters/cluster-spec.ts';
import { apiServerPort, controlPlaneNodes } from '../../clusters/endpoint.ts';
import { nodeCheck } from '../define-check.ts';

type Firewall = NonNullable<Facts['firewall']>;

const source = 'https://kubernetes.io/docs/reference/networking/ports-and-protocols/';

/** The ports of firewalld's own services that have to do with Kubernetes: /usr/lib/firewalld/services. */
const services: Readonly<Record<string, readonly string[]>> = {
  'etcd-client': ['2379/tcp'],
  'etcd-server': ['2380/tcp'],
  'kube-api': ['6443/tcp'],
  'kube-apiserver': ['6443/tcp'],
  'kube-control-plane': ['2379-2380/tcp', '6443/tcp', '10250/tcp', '10257/tcp', '10259/tcp'],
  'kube-control-plane-secure': ['2379-2380/tcp', '6443/tcp', '10250/tcp', '10257/tcp', '10259/tcp'],
  'kube-worker': ['10250/tcp', '30000-32767/tcp'],
  kubelet: ['10250/tcp'],
  'kubelet-worker': ['10250/tcp'],
};

/** What other nodes have to reach; what the pod network needs besides is its own affair. */
function neededPorts(spec: ClusterSpec, role: NodeSpec['role']): readonly number[] {
  if (role === 'worker') return [10250];
  return [apiServerPort(spec), 10250, ...(controlPlaneNodes(spec).length > 1 ? [2379, 2380] : [])];
}

/** A join through a closed port ends minutes later, in a time limit that names no port. */
export const firewall = nodeCheck({
  id: 'firewall',
  title: 'A firewall lets the ports of the node’s role through',
  scope: 'node',
  reads: ['firewall'],
  shows: 'What it lets through',
  rules: {
    closed: {
      severity: 'warning',
      when: 'firewalld or ufw runs, and no port or service of it opens one that other nodes have to reach',
      source,
      remedy: 'Open the ports to the other nodes, or stop the firewall.',
    },
    podNetwork: {
      severity: 'info',
      when: 'firewalld or ufw runs: the pod network’s own ports (UDP 8472 or 4789, TCP 179) and forwarding are to be open too',
      source,
      remedy: 'See the documentation of the pod network, and open its ports to the other nodes.',
    },
  },
  ofNode: ({ spec: node, facts }, { spec }) => {
    const needed = neededPorts(spec, node.role);
    return filtersOf(facts.firewall).flatMap(({ name, open, command }) => {
      const closed = needed.filter((port) => !open.some((range) => includes(range, port)));
      const evidence = [`${name} opens ${open.length === 0 ? 'nothing' : open.join(', ')}`];
      const missing = closed.map((port) => `${port}/tcp`);
      return [
        ...(closed.length === 0
          ? []
          : [
              {
                rule: 'closed' as const,
                message: `${name} runs, and lets ${missing.join(', ')} not through`,
                evidence,
                remedy: missing.map(command).join('; '),
              },
            ]),
        { rule: 'podNetwork' as const, message: `${name} runs, and the pod network needs ports of its own`, evidence },
      ];
    });
  },
});

interface Filter {
  readonly name: string;
  readonly open: readonly string[];
  /** What opens a port. */
  readonly command: (port: string) => string;
}

function filtersOf({ firewalld, ufw }: Firewall): readonly Filter[] {
  const zone: readonly Filter[] =
    firewalld === null || firewalld.target === 'ACCEPT'
      ? []
      : [
          {
            name: 'firewalld',
            open: [...firewalld.ports, ...firewalld.services.flatMap((service) => services[service] ?? [])],
            command: (port) => `firewall-cmd --permanent --add-port=${port} && firewall-cmd --reload`,
          },
        ];
  const rules: readonly Filter[] =
    ufw === null || ufw.incoming === 'ACCEPT'
      ? []
      : [{ name: 'ufw', open: ufw.ports, command: (port) => `ufw allow ${port}` }];
  return [...zone, ...rules];
}

function includes(range: string, port: number): boolean {
  const [, first = '', last = first, protocol = 'tcp'] = /^(\d+)(?:[-:](\d+))?(?:\/(\w+))?$/.exec(range) ?? [];
  return first !== '' && protocol === 'tcp' && port >= Number(first) && port <= Number(last);
}
