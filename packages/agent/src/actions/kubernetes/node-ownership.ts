import { type ActionParams, configuredAnnotation, type NodeMetadata } from '@drover/proto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { NodeObject, NodeTaint } from './cluster-objects.ts';

const Owned = Type.Object({ labels: Type.Array(Type.String()), taints: Type.Array(Type.String()) });

/** The keys of labels and the ids of taints that Drover has put on the Node. Whatever is not in its form owns nothing. */
export function readOwned(node: NodeObject): {
  readonly labels: readonly string[];
  readonly taints: readonly string[];
} {
  const text = node.metadata.annotations?.[configuredAnnotation];
  if (text === undefined) return { labels: [], taints: [] };
  try {
    const owned: unknown = JSON.parse(text);
    return Value.Parse(Owned, owned);
  } catch {
    // Somebody else's hand was in it: then nothing is certain to be Drover's, and nothing is taken away.
    return { labels: [], taints: [] };
  }
}

/** The annotation's value for what is about to be put on a Node. */
export function formatOwned({ labels, taints }: Pick<ActionParams<'configure-node'>, 'labels' | 'taints'>): string {
  return JSON.stringify({ labels: Object.keys(labels).sort(), taints: taints.map(taintId).sort() });
}

/** The Node's taints with Drover's own replaced by the wanted ones. */
export function planTaints(node: NodeObject, wanted: readonly NodeTaint[]): readonly NodeTaint[] {
  const replaced = new Set([...readOwned(node).taints, ...wanted.map(taintId)]);
  const others = (node.spec.taints ?? []).filter((taint) => !replaced.has(taintId(taint)));
  return [
    ...others,
    ...wanted.map(({ key, value = '', effect }) => (value === '' ? { key, effect } : { key, value, effect })),
  ];
}

/** What is remembered of a former Node and is not on this one. What the cluster file says of the same key goes before. */
export function planRemembered(
  { metadata, spec }: NodeObject,
  { labels, taints, remembered }: Pick<ActionParams<'configure-node'>, 'labels' | 'taints' | 'remembered'>,
): NodeMetadata {
  if (remembered === null) return { labels: {}, annotations: {}, taints: [], unschedulable: false };
  const present = new Set([...(spec.taints ?? []), ...taints].map(taintId));
  return {
    labels: withoutKeys(remembered.labels, { ...metadata.labels, ...labels }),
    annotations: withoutKeys(remembered.annotations, metadata.annotations ?? {}),
    taints: remembered.taints.filter((taint) => !present.has(taintId(taint))),
    unschedulable: remembered.unschedulable && spec.unschedulable !== true,
  };
}

function withoutKeys(values: Readonly<Record<string, string>>, present: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !(key in present)));
}

/** What tells two taints of a Node apart: the API allows one per key and effect. */
export function taintId({ key, effect }: Pick<NodeTaint, 'key' | 'effect'>): string {
  return `${key}:${effect}`;
}

/** As `kubectl taint` writes it. */
export function formatTaint({ key, value = '', effect }: NodeTaint): string {
  return `${key}=${value}:${effect}`;
}
