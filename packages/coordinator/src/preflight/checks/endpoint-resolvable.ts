import { isIP } from 'node:net';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { endpointKind } from '../../clusters/endpoint.ts';
import { clusterCheck, type ReadNode } from '../define-check.ts';

const source =
  'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/#considerations-about-apiserver-advertise-address-and-controlplaneendpoint';

/** Every node reaches the API under the endpoint's name; without an address for /etc/hosts, DNS has to know it. */
export const endpointResolvable = clusterCheck({
  id: 'endpoint-resolvable',
  title: 'Every node can resolve the control-plane endpoint, to the address that the cluster file gives it',
  scope: 'cluster',
  reads: ['naming'],
  shows: 'The lines of /etc/hosts for it, and the name servers',
  rules: {
    leftToDns: {
      severity: 'warning',
      when: 'The cluster file has no address for it, so that DNS has to know it',
      source,
      remedy: 'Set spec.controlPlaneEndpoint.address, or make sure that DNS knows the name before the run.',
    },
    unresolvable: {
      severity: 'error',
      when: 'The same, and a node has neither a line for it in /etc/hosts nor a name server',
      source,
      remedy: 'Set spec.controlPlaneEndpoint.address: the run then writes it into /etc/hosts of every node.',
    },
    elsewhere: {
      severity: 'warning',
      when: 'A line of somebody else’s in /etc/hosts, before any other, gives it another address',
      source: 'https://man7.org/linux/man-pages/man5/hosts.5.html',
      remedy: 'Take the line out of /etc/hosts on the node: the first one for a name counts.',
    },
  },
  ofSpec: ({ spec }) => (needsDns(spec) ? [{ rule: 'leftToDns', message: leftToDns(spec) }] : []),
  ofNodes: (nodes, { spec }) => {
    if (!needsDns(spec)) return nodes.flatMap((node) => elsewhere(node, spec));
    const { host } = spec.controlPlaneEndpoint;
    const unknowing = nodes.filter(({ facts }) => !facts.naming.hosts.some(({ names }) => names.includes(host)));
    const helpless = unknowing.filter(({ facts }) => facts.naming.nameservers.length === 0);
    const message = `${host} cannot be resolved: it is not in /etc/hosts, and there is no name server`;
    return [
      ...helpless.map(({ spec: node }) => ({ rule: 'unresolvable' as const, node: node.name, message })),
      ...(unknowing.length > helpless.length || nodes.length === 0
        ? [{ rule: 'leftToDns' as const, message: leftToDns(spec) }]
        : []),
    ];
  },
});

function needsDns(spec: ClusterSpec): boolean {
  const { host, address } = spec.controlPlaneEndpoint;
  const inHosts = (spec.hosts ?? []).some(({ names }) => names.includes(host));
  return address === undefined && !inHosts && isIP(host) === 0 && endpointKind(spec) !== 'hosts';
}

function leftToDns({ controlPlaneEndpoint: { host } }: ClusterSpec): string {
  return `${host} has no address in the cluster file, so every node has to resolve it by DNS`;
}

function elsewhere({ spec: node, facts: { naming } }: ReadNode<'naming'>, spec: ClusterSpec) {
  const { host, address } = spec.controlPlaneEndpoint;
  const first = naming.hosts.find(({ names }) => names.includes(host));
  const isOther = address !== undefined && first !== undefined && first.address !== address;
  if (!isOther || endpointKind(spec) === 'hosts') return [];
  const message = `/etc/hosts says that ${host} is ${first.address}, and the cluster file ${address}`;
  const evidence = naming.hosts
    .filter(({ names }) => names.includes(host))
    .map((line) => `${line.address} ${line.names.join(' ')}`);
  return [{ rule: 'elsewhere' as const, node: node.name, message, evidence }];
}
