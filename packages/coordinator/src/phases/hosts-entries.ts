import type { HostsEntry } from '@drover/proto';
import type { NodeSpec } from '../clusters/cluster-spec.ts';
import { controlPlaneNodes, endpointKind } from '../clusters/endpoint.ts';
import { isHealthy } from '../plan/acting-node.ts';
import type { ClusterView } from '../plan/cluster-view.ts';

/** When in a run: a node that has joined serves the API, and did not before. */
export type HostsStage = 'before-joins' | 'after-joins';

/**
 * What a node has in /etc/hosts: the endpoint and what the user added, not the other nodes, so that a node more or less
 * concerns no other machine.
 */
export function hostsEntries(view: ClusterView, node: NodeSpec, stage: HostsStage): HostsEntry[] {
  const { controlPlaneEndpoint, hosts = [] } = view.spec;
  const { host, address } = controlPlaneEndpoint;
  const addresses = endpointKind(view.spec) === 'hosts' ? servers(view, node, stage) : [address];
  return [
    ...addresses.filter((each) => each !== undefined).map((each) => ({ address: each, names: [host] })),
    ...hosts.map((entry) => ({ address: entry.address, names: [...entry.names] })),
  ];
}

/**
 * A control-plane node that serves the API reaches itself. Every other node has a line for each that serves: clients in Go
 * (kubelet, kube-proxy, kubectl) try one after another, and those that are away are left out by the next run.
 */
function servers(view: ClusterView, node: NodeSpec, stage: HostsStage): readonly (string | undefined)[] {
  const serving = controlPlaneNodes(view.spec).filter(({ name }) => serves(view, name, stage));
  const own = serving.filter(({ name }) => name === node.name);
  return (own.length > 0 ? own : serving).map((each) => each.address);
}

function serves({ nodes, targets, acting }: ClusterView, name: string, stage: HostsStage): boolean {
  if (name === acting || (stage === 'after-joins' && targets.includes(name))) return true;
  // The files of a control plane are there also of a join that did not come to its end.
  return nodes.some((node) => node.spec.name === name && node.facts.membership.controlPlane && isHealthy(node));
}
