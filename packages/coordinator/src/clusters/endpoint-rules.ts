import { isIP } from 'node:net';
import type { DocumentPath, Fitting, ReportFault } from '@drover/core';
import type { ClusterDocument } from './cluster-spec.ts';
import type { EndpointKind } from './endpoint.ts';

type FittingSpec = Fitting<ClusterDocument['spec']>;
type Endpoint = NonNullable<FittingSpec['controlPlaneEndpoint']>;
type ServedBy = NonNullable<Endpoint['servedBy']>;

const path: DocumentPath = ['controlPlaneEndpoint'];

/** What each kind of endpoint takes beside its kind. */
const takes: Readonly<Record<EndpointKind, readonly (keyof ServedBy)[]>> = {
  external: [],
  node: [],
  hosts: [],
  'kube-vip': ['image', 'interface'],
  haproxy: ['image', 'keepalivedImage', 'interface', 'virtualRouterId'],
};

/** What has to hold of the endpoint, by what stands behind it; paths begin at the cluster's spec. */
export function endpointRules(spec: FittingSpec, report: ReportFault): void {
  const endpoint = spec.controlPlaneEndpoint;
  if (endpoint === undefined || (endpoint.servedBy !== undefined && endpoint.servedBy.kind === undefined)) return;
  const kind = endpoint.servedBy?.kind ?? 'external';
  for (const key of Object.keys(endpoint.servedBy ?? {}) as (keyof ServedBy)[]) {
    if (key === 'kind' || takes[kind].includes(key)) continue;
    report([...path, 'servedBy', key], `means nothing for an endpoint of the kind ${kind}`);
  }
  ownAnnouncements(spec, endpoint, report);
  switch (kind) {
    case 'external':
      return noNodesAddress(spec, endpoint, report);
    case 'node':
      return samePort(endpoint, kind, report);
    case 'hosts':
      samePort(endpoint, kind, report);
      return hostsRules(spec, endpoint, report);
    case 'kube-vip':
    case 'haproxy':
      return virtualAddressRules(spec, endpoint, kind, report);
  }
}

function controlPlanes({ nodes = [] }: FittingSpec) {
  return nodes.flatMap((node, index) => (node?.role === 'control-plane' ? [{ node, index }] : []));
}

/** The one address cannot be on all of them. */
function ownAnnouncements(spec: FittingSpec, { advertiseAddress }: Endpoint, report: ReportFault): void {
  if (advertiseAddress === undefined || controlPlanes(spec).length < 2) return;
  const advice = 'leave it out, and give each its address under nodes';
  report([...path, 'advertiseAddress'], `several control-plane nodes cannot announce one address: ${advice}`);
}

/** It would be the end of the API when that one node is away, which is what the others are there for. */
function noNodesAddress(spec: FittingSpec, endpoint: Endpoint, report: ReportFault): void {
  if (controlPlanes(spec).length < 2) return;
  for (const key of ['address', 'host'] as const) {
    const owner = spec.nodes?.find((node) => node?.address !== undefined && node.address === endpoint[key]);
    if (owner === undefined) continue;
    const advice = 'give a load balancer’s, choose another servedBy.kind, or say servedBy.kind: node if it is meant';
    report([...path, key], `${endpoint[key]} is ${owner.name}’s own, and while it is away so is the API: ${advice}`);
  }
}

/** Nothing stands between the name and an API server that could turn one port into another. */
function samePort({ port = 6443, apiServerPort = port }: Endpoint, kind: EndpointKind, report: ReportFault): void {
  if (port === apiServerPort) return;
  const message = `${apiServerPort} is not the endpoint’s port ${port}, and ${kind} leads straight to the API servers`;
  report([...path, 'apiServerPort'], message);
}

function hostsRules(spec: FittingSpec, { host, address }: Endpoint, report: ReportFault): void {
  spec.hosts?.forEach((entry, index) => {
    const position = host === undefined ? -1 : (entry?.names?.indexOf(host) ?? -1);
    if (position >= 0)
      report(['hosts', index, 'names', position], `${host} is the endpoint’s name, whose lines are Drover’s`);
  });
  if (host !== undefined && isIP(host) !== 0) {
    report([...path, 'host'], `${host} is an address, and /etc/hosts knows names: give the endpoint one`);
  }
  if (address !== undefined) {
    report([...path, 'address'], 'is not taken: each node has the addresses of control-plane nodes under the name');
  }
  requireAddresses(spec, 'is missing: other nodes find the API there', report);
}

function virtualAddressRules(
  spec: FittingSpec,
  endpoint: Endpoint,
  kind: 'kube-vip' | 'haproxy',
  report: ReportFault,
): void {
  const { address, servedBy } = endpoint;
  const owner = spec.nodes?.find((node) => node?.address !== undefined && node.address === address);
  if (address === undefined) report([...path, 'address'], `is missing: ${kind} hands an address on, and needs one`);
  if (owner !== undefined) {
    report([...path, 'address'], `${address} is ${owner.name}’s own: it must be a free one, which is handed on`);
  }
  if (servedBy?.image === undefined) report([...path, 'servedBy', 'image'], `is missing: the image of ${kind}`);
  if (kind === 'kube-vip') return samePort(endpoint, kind, report);
  if (servedBy?.keepalivedImage === undefined) {
    report([...path, 'servedBy', 'keepalivedImage'], 'is missing: the image of keepalived');
  }
  const { port = 6443, apiServerPort = 6443 } = endpoint;
  if (port === apiServerPort) {
    report([...path, 'port'], `${port} is the API server’s on the same machines: choose another, as 8443`);
  }
  requireAddresses(spec, 'is missing: haproxy finds the API server there', report);
}

function requireAddresses(spec: FittingSpec, message: string, report: ReportFault): void {
  for (const { node, index } of controlPlanes(spec)) {
    if (node.address === undefined) report(['nodes', index, 'address'], message);
  }
}
