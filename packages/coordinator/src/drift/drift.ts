import { type Clock, type Logger, messageOf } from '@drover/core';
import { birthKey, type ClusterBirths } from '../clusters/cluster-birth.ts';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { type Clusters, runLockKey } from '../clusters/clusters.ts';
import { Alarm } from '../engine/alarm.ts';
import { isoAt } from '../engine/run-transitions.ts';
import { factsKey } from '../inventory/facts.ts';
import type { Check } from '../preflight/check.ts';
import { checkView } from '../preflight/preflight.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Store } from '../store/store.ts';
import { type FindingRecord, findingsPrefix } from './finding-record.ts';
import { type KnownViewOptions, knownView } from './known-view.ts';
import { settleFindings } from './settle-findings.ts';

/** What members have become that they should not be. */
export interface Drift {
  /** What stands, and what is over since less than a day; by node, check, rule. */
  findings(cluster: string): Promise<readonly FindingRecord[]>;
  /** Checks every born cluster whenever facts or its file change, until the signal aborts. Survives restarts. */
  keep(signal: AbortSignal): Promise<void>;
}

/** What drift is found with. */
export interface DriftOptions extends KnownViewOptions {
  readonly store: Store;
  readonly clusters: Pick<Clusters, 'list'>;
  readonly births: Pick<ClusterBirths, 'get'>;
  readonly checks: readonly Check[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Everything is looked at again after so long, whether or not something has happened. */
const recheckMs = 30_000;
/** Changes that come together are looked at together. */
const settleMs = 250;

/** Changes below these can make or end a finding. */
const causes: readonly string[] = [factsKey(''), 'clusters/', birthKey(''), runLockKey('')];

/** The controller over a store. */
export function createDrift(options: DriftOptions): Drift {
  const { store, clusters, clock, logger } = options;
  const alarm = new Alarm();

  async function pass(signal: AbortSignal): Promise<void> {
    const names = new Set<string>();
    for (const cluster of await clusters.list()) {
      signal.throwIfAborted();
      names.add(cluster.name);
      await settle(options, cluster);
    }
    // Of a cluster that is forgotten nothing is found any more.
    const forgotten = (await store.keys(findingsPrefix())).filter((key) => !names.has(key.split('/')[1] ?? ''));
    if (forgotten.length > 0) await store.commit(forgotten.map((key) => ({ kind: 'delete', key })));
  }

  async function keepPassing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Before the pass: what happens during it is looked at in the next one.
      const rung = alarm.wait();
      await pass(signal).catch((error: unknown) => {
        if (!signal.aborted) logger.error({ error: messageOf(error) }, 'drift could not be looked for');
      });
      const over = new AbortController();
      const recheck = clock.sleep(recheckMs, AbortSignal.any([signal, over.signal])).catch(() => undefined);
      await Promise.race([rung, recheck]);
      over.abort();
      await clock.sleep(settleMs, signal).catch(() => undefined);
    }
  }

  return {
    findings: async (cluster) => await recorded(store, cluster),
    keep: async (signal) => {
      const afterRevision = await store.revision();
      const watches = causes.map(async (prefix) => {
        for await (const _change of store.watch(prefix, { afterRevision, signal })) alarm.ring();
      });
      await Promise.all([...watches, keepPassing(signal)]);
    },
  };
}

/** What is found now takes the place of what was on record. */
async function settle(options: DriftOptions, cluster: ClusterRecord): Promise<void> {
  const { store, births, checks, clock } = options;
  const { birth } = await births.get(cluster.name);
  const known = birth === undefined ? undefined : await knownView(options, cluster, birth);
  if (known === undefined) return;
  const { name, spec } = cluster;
  const writes = settleFindings({
    ...{ cluster: name, spec, seenAt: known.seenAt, now: isoAt(clock.now()) },
    recorded: await recorded(store, name),
    found: checkView(checks, known.view),
  });
  if (writes.length > 0) await store.commit(writes);
}

/** What is damaged is found again, or is over. */
async function recorded(store: Store, cluster: string): Promise<readonly FindingRecord[]> {
  // What is under the prefix was written from a FindingRecord.
  return (await listUndamaged(store, findingsPrefix(cluster))).entries.map(({ value }) => value as FindingRecord);
}
