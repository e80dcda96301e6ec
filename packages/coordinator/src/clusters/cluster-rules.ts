import { isIP } from 'node:net';
import {
  type DocumentPath,
  type Fitting,
  overlaps,
  parseAddress,
  parseNetwork,
  type ReportFault,
  suggestName,
} from '@drover/core';
import { type KubernetesVersion, parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { supportedMinors } from '../kubernetes/supported-releases.ts';
import type { ClusterDocument, RepositorySpec } from './cluster-spec.ts';
import { endpointRules } from './endpoint-rules.ts';
import { firewallRules } from './firewall-rules.ts';
import { kubernetesRules } from './kubernetes-rules.ts';
import { nodeRules } from './node-rules.ts';
import { runtimeAddresses, runtimeRules } from './runtime-rules.ts';

type AptForm = NonNullable<RepositorySpec['apt']>;
type FittingSpec = Fitting<ClusterDocument['spec']>;
type Rule = (spec: FittingSpec, report: ReportFault) => void;

/** What has to hold in a cluster file beyond its schema; what depends on the machines is preflight's. */
export function clusterRules(document: Fitting<ClusterDocument>, report: ReportFault): void {
  const { spec } = document;
  if (spec === undefined) return;
  for (const rule of rules) rule(spec, (path, ...rest) => report(['spec', ...path], ...rest));
}

const rules: readonly Rule[] = [
  supportedVersion,
  runtimeRules,
  proxyAddress,
  kubernetesRules,
  endpointAddresses,
  endpointRules,
  clusterNetworks,
  firewallRules,
  repositoryForms,
  repositoryReferences,
  addressesWithoutPasswords,
  hostsLines,
  inlineManifest,
  (spec, report) => nodeRules(spec.nodes ?? [], (path, ...rest) => report(['nodes', ...path], ...rest)),
];

function supportedVersion(spec: FittingSpec, report: ReportFault): void {
  if (spec.kubernetes?.version === undefined) return;
  const version = parseKubernetesVersion(spec.kubernetes.version);
  const reason = whyUnsupported(version);
  if (reason === undefined) return;
  const supported = `supported are 1.${supportedMinors.first} to 1.${supportedMinors.last}`;
  report(['kubernetes', 'version'], `${spec.kubernetes.version} is unsupported: ${reason}; ${supported}`);
}

function whyUnsupported(version: KubernetesVersion): string | undefined {
  if (version.minor < supportedMinors.first) return 'it is too old';
  return version.minor > supportedMinors.last ? 'its rules are not known yet' : undefined;
}

function endpointAddresses(spec: FittingSpec, report: ReportFault): void {
  const endpoint = spec.controlPlaneEndpoint;
  const path = ['controlPlaneEndpoint'];
  if (endpoint?.host !== undefined && isIP(endpoint.host) === 0 && !dnsName.test(endpoint.host)) {
    report([...path, 'host'], `${endpoint.host} is neither a DNS name nor an IP address`);
  }
  for (const key of ['address', 'advertiseAddress'] as const) requireAddress(endpoint?.[key], [...path, key], report);
}

/**
 * Limits: kube-controller-manager hands every node a /24 of the pod network and can tell 2^16 of them apart; the API
 * server takes at most 20 bits of service addresses, and kubeadm wants ten of them.
 */
const networkLimits = {
  podCidr: { shortest: 8, longest: 24 },
  serviceCidr: { shortest: 12, longest: 28 },
} as const;

function clusterNetworks(spec: FittingSpec, report: ReportFault): void {
  const read = (key: keyof typeof networkLimits) => {
    const cidr = spec.networking?.[key];
    if (cidr === undefined) return undefined;
    const network = parseNetwork(cidr);
    const { shortest, longest } = networkLimits[key];
    if (network === undefined) report(['networking', key], `${cidr} is no IPv4 network`);
    else if (network.prefixLength < shortest || network.prefixLength > longest) {
      report(['networking', key], `the prefix of ${cidr} must be from /${shortest} to /${longest}`);
    }
    return network;
  };
  const [pods, services] = [read('podCidr'), read('serviceCidr')];
  if (pods !== undefined && services !== undefined && overlaps(pods, services)) {
    const message = `${spec.networking?.serviceCidr} overlaps podCidr ${spec.networking?.podCidr}`;
    report(['networking', 'serviceCidr'], message);
  }
}

/** Which of the forms a cluster needs is for its machines to say: preflight compares. */
function repositoryForms(spec: FittingSpec, report: ReportFault): void {
  spec.repositories?.forEach((repository, index) => {
    if (repository === undefined) return;
    const { baseUrl, gpgKeys, apt } = repository;
    const path = ['repositories', index];
    if (baseUrl === undefined && apt === undefined) report(path, 'has neither baseUrl nor apt');
    if (baseUrl === undefined && gpgKeys !== undefined) report([...path, 'gpgKeys'], 'goes with baseUrl');
    if (apt !== undefined) aptForm(apt, (rest, ...what) => report([...path, 'apt', ...rest], ...what));
  });
}

function aptForm({ suite, components = [], key, checkSignatures }: Fitting<AptForm>, report: ReportFault): void {
  const isPath = suite?.endsWith('/') ?? false;
  if (isPath && components.length > 0) report(['components'], `a suite that is a path, ${suite}, has none`);
  if (suite !== undefined && !isPath && components.length === 0) report(['components'], `${suite} has some: which?`);
  if (key !== undefined || checkSignatures === false) return;
  report(['key'], 'is needed to check signatures by; checkSignatures: false does without');
}

function repositoryReferences(spec: FittingSpec, report: ReportFault): void {
  const ids = (spec.repositories ?? []).map((repository) => repository?.id);
  ids.forEach((id, index) => {
    if (id !== undefined && ids.indexOf(id) < index) report(['repositories', index, 'id'], `${id} is there twice`);
  });
  // With a faulty list of repositories nothing can be said about references into it.
  if (spec.repositories === undefined || ids.includes(undefined)) return;
  const known = ids.filter((id) => id !== undefined);
  const require = (id: string | undefined, path: DocumentPath) => {
    if (id === undefined || known.includes(id)) return;
    report(path, `no repository has the id ${id}; there are: ${known.join(', ')}`, suggestName(id, known));
  };
  require(spec.kubernetes?.repository, ['kubernetes', 'repository']);
  const { docker, containerd } = spec.runtime ?? {};
  require(docker?.repository, ['runtime', 'docker', 'repository']);
  require(docker?.criDockerd?.repository, ['runtime', 'docker', 'criDockerd', 'repository']);
  require(containerd?.repository, ['runtime', 'containerd', 'repository']);
}

/**
 * A cluster file is stored, shown to whoever may read it, and written into files that every user of a node can read: no place
 * for a password. The message leaves it out too.
 */
function addressesWithoutPasswords(spec: FittingSpec, report: ReportFault): void {
  const check = (address: string | undefined, path: DocumentPath) => {
    if (address === undefined || !hasUserInfo(address)) return;
    const remedy = 'serve it without one, for the nodes’ addresses alone, or from a mirror of your own';
    report(
      path,
      `has a user name or a password in it, and everyone who reads the cluster file would have it: ${remedy}`,
    );
  };
  spec.repositories?.forEach((repository, index) => {
    check(repository?.baseUrl, ['repositories', index, 'baseUrl']);
    check(repository?.apt?.url, ['repositories', index, 'apt', 'url']);
    check(repository?.apt?.key, ['repositories', index, 'apt', 'key']);
    repository?.gpgKeys?.forEach((key, position) => check(key, ['repositories', index, 'gpgKeys', position]));
  });
  for (const [address, path] of runtimeAddresses(spec)) check(address, path);
  check(spec.proxy?.http, ['proxy', 'http']);
  check(spec.proxy?.https, ['proxy', 'https']);
  const { imageRepository, etcd, dns } = spec.kubernetes ?? {};
  check(imageRepository, ['kubernetes', 'imageRepository']);
  check(etcd?.imageRepository, ['kubernetes', 'etcd', 'imageRepository']);
  check(dns?.imageRepository, ['kubernetes', 'dns', 'imageRepository']);
  etcd?.external?.endpoints?.forEach((endpoint, index) => {
    check(endpoint, ['kubernetes', 'etcd', 'external', 'endpoints', index]);
  });
  check(spec.networking?.manifestFile, ['networking', 'manifestFile']);
}

/** RFC 3986 section 3.2.1: what stands before an @ in the authority. A registry is an authority without a scheme. */
function hasUserInfo(address: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/)?[^/?#@]*@/i.test(address);
}

function hostsLines(spec: FittingSpec, report: ReportFault): void {
  const { host, address } = spec.controlPlaneEndpoint ?? {};
  const addresses = new Map<string, string>();
  if (host !== undefined && address !== undefined) addresses.set(host, address);
  spec.hosts?.forEach((entry, index) => {
    requireAddress(entry?.address, ['hosts', index, 'address'], report);
    entry?.names?.forEach((name, position) => {
      const path = ['hosts', index, 'names', position];
      if (name === undefined || entry.address === undefined) return;
      if (!dnsName.test(name)) report(path, `${name} is no DNS name`);
      const other = addresses.get(name);
      if (other !== undefined && other !== entry.address) report(path, `${name} is already ${other}`);
      addresses.set(name, entry.address);
    });
  });
}

function proxyAddress({ proxy }: FittingSpec, report: ReportFault): void {
  if (proxy === undefined || Object.hasOwn(proxy, 'http') || Object.hasOwn(proxy, 'https')) return;
  report(['proxy'], 'has neither http nor https: name the proxy, or leave it out');
}

function inlineManifest(spec: FittingSpec, report: ReportFault): void {
  if (spec.networking?.manifestFile === undefined) return;
  const advice = 'send its content as manifest; `drover apply` and `drover plan` do so';
  report(['networking', 'manifestFile'], `the coordinator does not read files: ${advice}`);
}

const dnsName = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

function requireAddress(address: string | undefined, path: DocumentPath, report: ReportFault): void {
  if (address !== undefined && parseAddress(address) === undefined) report(path, `${address} is no IPv4 address`);
}
