import { type ClusterNodes, configuredAnnotation, type NodeMetadata } from '@drover/proto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';

type ClusterNode = ClusterNodes['nodes'][number];

/** What the kubelet and kubeadm say of a machine: the next one says it of itself. Source: kubernetes.io/docs/reference/labels-annotations-taints */
const machineLabels: readonly string[] = [
  'beta.kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'kubernetes.io/arch',
  'kubernetes.io/hostname',
  'kubernetes.io/os',
  'node-role.kubernetes.io/control-plane',
  'node-role.kubernetes.io/master',
];

/**
 * Notes of programs about the former machine: its sockets, volumes, tunnels and addresses. On a new one they would be
 * wrong, and each program writes its own.
 */
const machineAnnotations = [
  /^kubeadm\.alpha\.kubernetes\.io\//,
  /^node\.alpha\.kubernetes\.io\//,
  /^volumes\.kubernetes\.io\//,
  /^csi\.volume\.kubernetes\.io\//,
  /^(.+\.)?flannel\.(alpha\.)?coreos\.com\//,
  /^(.+\.)?projectcalico\.org\//,
  /^(.+\.)?cilium\.io\//,
  /^k8s\.ovn\.org\//,
  /^(.+\.)?weave\.works\//,
  /^drover\.dev\//,
];

/** The controllers' own: they follow from the state of the Node. */
const conditionTaints = /^node(\.cloudprovider)?\.kubernetes\.io\//;

const Configured = Type.Object({ labels: Type.Array(Type.String()), taints: Type.Array(Type.String()) });

/**
 * What people and their programs have put on a Node: without what says something of the machine, and without what the
 * cluster file put there, which it puts there again.
 */
export function rememberNode({ labels, annotations, taints, unschedulable }: ClusterNode): NodeMetadata {
  const configured = readConfigured(annotations[configuredAnnotation]);
  const isTheirs = (key: string): boolean => !machineLabels.includes(key) && !configured.labels.includes(key);
  return {
    labels: pick(labels, isTheirs),
    annotations: pick(annotations, (key) => machineAnnotations.every((pattern) => !pattern.test(key))),
    taints: taints
      .filter(({ key, effect }) => !conditionTaints.test(key) && !configured.taints.includes(`${key}:${effect}`))
      // kubeadm's own for control planes: the join puts it there.
      .filter(({ key }) => !machineLabels.includes(key))
      .map((taint) => ({ ...taint })),
    unschedulable,
  };
}

/** What is remembered from before goes before what is seen now: a Node that was made meanwhile may lack all of it. */
export function mergeMemories(before: NodeMetadata | undefined, now: NodeMetadata | undefined): NodeMetadata {
  const idOf = ({ key, effect }: NodeMetadata['taints'][number]): string => `${key}:${effect}`;
  const earlier = before?.taints ?? [];
  const added = (now?.taints ?? []).filter((taint) => earlier.every((each) => idOf(each) !== idOf(taint)));
  return {
    labels: { ...now?.labels, ...before?.labels },
    annotations: { ...now?.annotations, ...before?.annotations },
    taints: [...earlier, ...added],
    unschedulable: before?.unschedulable ?? now?.unschedulable ?? false,
  };
}

/** Whatever is not in Drover's form says nothing. */
function readConfigured(text: string | undefined): { readonly labels: string[]; readonly taints: string[] } {
  try {
    const configured: unknown = JSON.parse(text ?? '');
    return Value.Parse(Configured, configured);
  } catch {
    return { labels: [], taints: [] };
  }
}

function pick(values: Readonly<Record<string, string>>, isWanted: (key: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => isWanted(key)));
}
