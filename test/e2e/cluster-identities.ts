import { setTimeout as delay } from 'node:timers/promises';
import { kubectl } from './quick-start.ts';

/** Every identity that a cluster and its nodes ever had: one each, unless something was done twice. */
export interface ClusterIdentities {
  /** UIDs of the namespace kube-system, which is made once in a cluster's life. */
  readonly clusters: ReadonlySet<string>;
  /** UIDs of the Node objects by name. */
  readonly nodes: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Asks the API server again and again until the signal aborts. */
export async function watchIdentities(signal: AbortSignal): Promise<ClusterIdentities> {
  const clusters = new Set<string>();
  const nodes = new Map<string, Set<string>>();
  const namesAndUids = '{range .items[*]}{.metadata.name} {.metadata.uid}{"\\n"}{end}';
  const look = async (): Promise<void> => {
    const uid = await ask('get', 'namespace', 'kube-system', '-o', 'jsonpath={.metadata.uid}');
    if (uid !== '') clusters.add(uid);
    for (const line of (await ask('get', 'nodes', '-o', `jsonpath=${namesAndUids}`)).split('\n')) {
      const [name, nodeUid] = line.split(' ');
      if (name && nodeUid) nodes.set(name, (nodes.get(name) ?? new Set()).add(nodeUid));
    }
  };
  while (!signal.aborted) {
    await look();
    await delay(1_000, undefined, { signal }).catch(() => undefined);
  }
  await look();
  return { clusters, nodes };
}

/** Empty while there is no answer. */
async function ask(...argumentList: readonly string[]): Promise<string> {
  return await kubectl('--request-timeout=5s', ...argumentList).catch(() => '');
}
