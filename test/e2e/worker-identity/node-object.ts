import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../../integration/until.ts';
import { kubectl } from '../quick-start.ts';
import { rejoinMs } from './rejoins.ts';

/** What the cluster says of a node. */
export interface NodeObject {
  readonly uid: string;
  readonly isReady: boolean;
  readonly machineId: string;
  readonly bootId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
}

interface NodeDocument {
  readonly metadata: Pick<NodeObject, 'uid' | 'labels' | 'annotations'>;
  readonly spec: {
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo: { readonly machineID: string; readonly bootID: string };
  };
}

/** The Node as it is now. Throws where there is none. */
export async function nodeObject(name: string): Promise<NodeObject> {
  const { metadata, spec, status } = JSON.parse(await kubectl('get', 'node', name, '-o', 'json')) as NodeDocument;
  return {
    uid: metadata.uid,
    isReady: status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    machineId: status.nodeInfo.machineID,
    bootId: status.nodeInfo.bootID,
    labels: metadata.labels,
    annotations: metadata.annotations,
    taints: (spec.taints ?? []).map(({ key, value = '', effect }) => `${key}=${value}:${effect}`).toSorted(),
  };
}

/** The Node of this name, once it is Ready and another one than before. */
export async function untilBack(name: string, formerUid: string): Promise<NodeObject> {
  let present: NodeObject | undefined;
  await until(
    () => `${name} to be a Ready Node other than ${formerUid}: ${JSON.stringify(present)}`,
    async () => {
      present = await nodeObject(name).catch(() => undefined);
      return present !== undefined && present.isReady && present.uid !== formerUid;
    },
    rejoinMs,
  );
  assert.ok(present);
  return present;
}

/** A Node can be Ready a moment before it has all that its former self had. */
export async function untilAsBefore(name: string, former: NodeObject): Promise<void> {
  let kept = {};
  await until(
    () => `${name} to have ${JSON.stringify(whatIsKept(former))}; it has ${JSON.stringify(kept)}`,
    async () => {
      kept = whatIsKept(await nodeObject(name));
      return isDeepStrictEqual(kept, whatIsKept(former));
    },
    30_000,
  );
}

/** What people and the cluster file have put on it; the rest is what the cluster itself says of its condition. */
function whatIsKept({ labels, annotations, taints }: NodeObject): object {
  const { 'node.alpha.kubernetes.io/ttl': _ttl, ...kept } = annotations;
  return { labels, annotations: kept, taints: taints.filter((taint) => !taint.startsWith('node.kubernetes.io/')) };
}
