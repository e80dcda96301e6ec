import { isIP } from 'node:net';
import { type DocumentPath, type Fitting, type ReportFault, suggestName } from '@drover/core';
import { featureGatesOf, findFeatureGate } from '../kubernetes/feature-gates.ts';
import { type KubernetesVersion, parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { describeRange, isWithin } from '../kubernetes/supported-releases.ts';
import { swapSupport } from '../kubernetes/swap-support.ts';
import { argumentRules } from './argument-rules.ts';
import type { ClusterDocument } from './cluster-spec.ts';
import { Kubernetes, type KubernetesSpec } from './kubernetes-spec.ts';
import { releaseKeys } from './release-keys.ts';

type FittingSpec = Fitting<ClusterDocument['spec']>;
type FittingKubernetes = Fitting<KubernetesSpec>;

const path: DocumentPath = ['kubernetes'];

/** What the wanted release of Kubernetes takes, and what kubeadm would refuse in the middle of a run; paths begin at the spec. */
export function kubernetesRules(spec: FittingSpec, report: ReportFault): void {
  const { kubernetes } = spec;
  // Without a version that can be read nothing can be said of what it takes.
  if (kubernetes?.version === undefined) return;
  const version = parseKubernetesVersion(kubernetes.version);
  for (const key of releaseKeys(Kubernetes, kubernetes)) {
    if (version.minor >= key.since) continue;
    report([...path, ...key.path], `is known from Kubernetes 1.${key.since} on, and this cluster is ${version.tag}`);
  }
  argumentRules(spec, version, report);
  featureGateRules(kubernetes, version, report);
  kubeletRules(kubernetes, version, report);
  ownedFields(['kubeProxy', 'configuration'], kubernetes.kubeProxy?.configuration, typeFields, report);
  patchRules(kubernetes, report);
  certificateNames(kubernetes, report);
  externalEtcd(spec, report);
}

function featureGateRules({ featureGates = {} }: FittingKubernetes, version: KubernetesVersion, report: ReportFault) {
  for (const [name, value] of Object.entries(featureGates)) {
    const place = [...path, 'featureGates', name];
    const gate = findFeatureGate(name);
    const known = featureGatesOf(version);
    if (gate === undefined) {
      const there = `those of ${version.tag} are: ${known.join(', ')}`;
      report(place, `kubeadm has no feature gate ${name}; ${there}`, suggestName(name, known));
    } else if (!isWithin(gate, version)) {
      report(place, `kubeadm ${version.tag} does not know ${name} (known: ${describeRange(gate)})`);
    } else if (value === false && version.minor >= (gate.lockedFrom ?? Infinity)) {
      report(place, `can only be true from 1.${gate.lockedFrom} on, and this cluster is ${version.tag}`);
    }
  }
}

const typeFields = { apiVersion: 'nothing: it follows from the version', kind: 'nothing: it is always the same' };

/** Fields that begin with a release and that people come across; kubeadm warns of other unknown ones, and goes on. */
const kubeletFields: Readonly<Record<string, number>> = { memorySwap: 22, seccompDefault: 22, failCgroupV1: 31 };

function kubeletRules(kubernetes: FittingKubernetes, version: KubernetesVersion, report: ReportFault): void {
  const place = ['kubelet', 'configuration'];
  const configuration = kubernetes.kubelet?.configuration ?? {};
  ownedFields(place, configuration, { ...typeFields, cgroupDriver: 'runtime.docker.cgroupDriver' }, report);
  for (const [field, since] of Object.entries(kubeletFields)) {
    if (configuration[field] === undefined || version.minor >= since) continue;
    const message = `the kubelet knows it from 1.${since} on, and this cluster is ${version.tag}`;
    report([...path, ...place, field], message);
  }
  const { behaviors } = swapSupport(version);
  const behavior = swapBehaviorOf(configuration['memorySwap']);
  if (behavior === undefined || behaviors.length === 0 || behaviors.some((each) => each === behavior)) return;
  const message = `${behavior} is none of those that ${version.tag} knows: ${behaviors.join(', ')}`;
  report([...path, ...place, 'memorySwap', 'swapBehavior'], message);
}

function swapBehaviorOf(memorySwap: unknown): string | undefined {
  if (typeof memorySwap !== 'object' || memorySwap === null || !('swapBehavior' in memorySwap)) return undefined;
  return String(memorySwap.swapBehavior);
}

/** A field that Drover fills in from elsewhere would be said twice. */
function ownedFields(
  place: DocumentPath,
  configuration: Readonly<Record<string, unknown>> | undefined,
  owners: Readonly<Record<string, string>>,
  report: ReportFault,
): void {
  for (const [field, owner] of Object.entries(owners)) {
    if (configuration?.[field] === undefined) continue;
    report([...path, ...place, field], `is Drover’s to give: say it by ${owner}`);
  }
}

function patchRules({ patches = [] }: FittingKubernetes, report: ReportFault): void {
  patches.forEach((entry, index) => {
    if (entry?.patch === undefined) return;
    const { type = 'strategic', patch } = entry;
    if (Array.isArray(patch) === (type === 'json')) return;
    const form = type === 'json' ? 'a list of operations' : 'a mapping';
    report([...path, 'patches', index, 'patch'], `must be ${form}, which is what a patch of the type ${type} is`);
  });
}

function certificateNames({ certificateNames: names, etcd }: FittingKubernetes, report: ReportFault): void {
  const lists = [
    [['certificateNames'], names],
    [['etcd', 'serverNames'], etcd?.serverNames],
    [['etcd', 'peerNames'], etcd?.peerNames],
  ] as const;
  for (const [place, list = []] of lists) {
    list.forEach((name, index) => {
      if (name === undefined || isIP(name) !== 0 || certificateName.test(name)) return;
      report([...path, ...place, index], `${name} is neither a DNS name nor an IP address`);
    });
  }
}

/** A DNS name in small letters, whose first label may be a star: ValidateCertSANs of kubeadm. */
const certificateName =
  /^(?=.{1,253}$)(\*\.)?[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

/**
 * kubeadm takes one or the other etcd, and all files or none: ValidateEtcd. Joining a control plane, Drover looks after the
 * quorum of the members beside the API servers, and would find none.
 */
function externalEtcd({ kubernetes, nodes = [] }: FittingSpec, report: ReportFault): void {
  const { external, ...local } = kubernetes?.etcd ?? {};
  if (external === undefined) return;
  const place = [...path, 'etcd', 'external'];
  for (const key of Object.keys(local))
    report([...path, 'etcd', key], 'means nothing for an etcd that somebody else runs');
  const files = (['caFile', 'certFile', 'keyFile'] as const).filter((key) => external[key] !== undefined);
  if (files.length === 1 || files.length === 2)
    report(place, 'needs all of caFile, certFile and keyFile, or none of them');
  external.endpoints?.forEach((endpoint, index) => {
    if (files.length === 0 || endpoint?.startsWith('https://') !== false) return;
    report([...place, 'endpoints', index], `${endpoint} must be https, since there are certificates for it`);
  });
  if (nodes.filter((node) => node?.role === 'control-plane').length > 1) {
    report(place, 'is for a single control-plane node: of several, Drover keeps the members of etcd itself');
  }
}
