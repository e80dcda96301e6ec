import type { Facts } from '@drover/proto';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { ClusterView } from '../plan/cluster-view.ts';
import type { Finding } from '../preflight/check.ts';
import { checks } from '../preflight/checks/index.ts';
import { checkView } from '../preflight/preflight.ts';
import { exampleView } from './example-view.ts';

type DeepPartial<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: DeepPartial<T[K]> } : T;

/** What a member of the example cluster has on its disk. */
export const member = {
  kubeletConfigured: true,
  apiServer: 'https://cluster-endpoint:6443',
  caHash: 'sha256:aa',
} as const;

/** A file of containerd's that says nothing but what is to be looked at: of version 2, with systemd as the driver. */
export const containerdFile = {
  version: 2,
  criDisabled: false,
  systemdCgroup: true,
  sandboxImage: null,
  registryConfigPath: null,
  root: '/var/lib/containerd',
} as const;

/** The example cluster, with facts of one node replaced. */
export function viewWith(node: string, facts: DeepPartial<Facts>, spec: Partial<ClusterSpec> = {}): ClusterView {
  const view = exampleView(spec);
  return {
    ...view,
    nodes: view.nodes.map((each) =>
      each.spec.name === node ? { ...each, facts: merge(each.facts, facts) as Facts } : each,
    ),
  };
}

/** The first, with what the second says of it. */
export function merge(base: unknown, change: unknown): unknown {
  if (typeof base !== 'object' || base === null || Array.isArray(base)) return change;
  if (typeof change !== 'object' || change === null) return change;
  const merged = Object.entries(change).map(([key, value]) => [
    key,
    merge((base as Record<string, unknown>)[key], value),
  ]);
  return { ...base, ...(Object.fromEntries(merged) as object) };
}

/** So many control-plane nodes behind hosts entries. */
export function highlyAvailable(count: number): ClusterView {
  const nodes = Array.from({ length: count }, (_, index) => ({
    name: `control-plane-${index + 1}`,
    role: 'control-plane' as const,
    address: `10.0.0.${index + 11}`,
  }));
  return exampleView({ nodes, controlPlaneEndpoint: { host: 'cluster-endpoint', servedBy: { kind: 'hosts' } } });
}

/** What the example's machines always lead to: they are bare, also those that are said to be members. */
const alwaysFound = ['kernel-modules', 'hosts-entries', 'docker-settings', 'package-versions', 'kubelet-running'];

/** What a view leads to, besides what it always does on bare machines. */
export function findingsOf(view: ClusterView): readonly Finding[] {
  return checkView(checks, view).filter(({ check }) => !alwaysFound.includes(check));
}

/** One line per finding. */
export function linesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ check, severity, node, message, fixedBy }) =>
    [check, severity, node ?? '-', message, ...(fixedBy === undefined ? [] : [fixedBy])].join(' | '),
  );
}

/** The part of a spec that asks for a version of Kubernetes. */
export function kubernetesAt(version: string): Pick<ClusterSpec, 'kubernetes'> {
  return { kubernetes: { version, repository: 'kubernetes' } };
}

/** The part of a spec that asks for containerd in place of Docker. */
export const withContainerd = containerdAt('2.1.4');

/** The part of a spec that asks for a version of containerd. */
export function containerdAt(version: string): Pick<ClusterSpec, 'runtime'> {
  return { runtime: { containerd: { version, repository: 'docker-ce' } } };
}

/** What preflight finds on one machine that is to be a worker of the example cluster, as `check/rule`, the gravest first. */
export function preflightOf(facts: Facts, version: string, runtime: 'docker' | 'containerd'): readonly string[] {
  const spec = { ...kubernetesAt(version), ...(runtime === 'containerd' ? withContainerd : {}) };
  const view = exampleView({
    ...spec,
    nodes: [
      { name: 'control-plane-1', role: 'control-plane', address: '10.0.0.11' },
      { name: 'worker-1', role: 'worker' },
    ],
  });
  const nodes = view.nodes.map((node) => (node.spec.name === 'worker-1' ? { ...node, facts } : node));
  const findings = checkView(checks, { ...view, nodes, targets: ['worker-1'] }).filter(
    ({ node }) => node !== undefined,
  );
  return findings.map(({ severity, check, rule, undetermined }) =>
    undetermined === true ? `${severity} ${check} undetermined` : `${severity} ${check}/${rule}`,
  );
}
