import { type Clock, type Logger, messageOf } from '@drover/core';
import { birthKey } from '../clusters/cluster-birth.ts';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { type Clusters, runLockKey } from '../clusters/clusters.ts';
import { Alarm } from '../engine/alarm.ts';
import { isoAt } from '../engine/run-transitions.ts';
import { factsKey } from '../inventory/facts.ts';
import { checkView } from '../preflight/preflight.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Store } from '../store/store.ts';
import { type FindingEvent, findingEvents } from './finding-events.ts';
import { type FindingRecord, findingsPrefix } from './finding-record.ts';
import { type KnownViewOptions, knownView } from './known-view.ts';
import { type Drifted, isToBeMended, type RepairOptions, repairDrift } from './repair-drift.ts';
import { settleFindings } from './settle-findings.ts';

/** What members have become that they should not be. */
export interface Drift {
  /** What stands, and what is over since less than a day; by node, check, rule. */
  findings(cluster: string): Promise<readonly FindingRecord[]>;
  /** What is told at first, and then each change of a finding, until the signal aborts. */
  events(cluster: string, signal: AbortSignal): AsyncIterable<FindingEvent>;
  /** Checks every born cluster whenever facts or its file change, until the signal aborts. Survives restarts. */
  keep(signal: AbortSignal): Promise<void>;
}

/** What drift is found and mended with. */
export interface DriftOptions extends KnownViewOptions, RepairOptions {
  readonly clusters: Pick<Clusters, 'list' | 'getGuarded'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Everything is looked at again after so long, whether or not something has happened. */
const recheckMs = 30_000;
/** Changes that come together are looked at together. */
const settleMs = 500;

/** Changes below these can make or end a finding. */
const causes: readonly string[] = [factsKey(''), 'clusters/', birthKey(''), runLockKey('')];

/** The controller over a store. */
export function createDrift(options: DriftOptions): Drift {
  const { store, clusters, clock, logger } = options;
  const alarm = new Alarm();
  /** The clusters in which a run is being begun: what is on record of them is not changed meanwhile. */
  const repairing = new Map<string, Promise<void>>();
  /** Of those, the ones that were passed over meanwhile. */
  const passedOver = new Set<string>();
  /** Until when nothing is begun in a cluster in which nothing could be; milliseconds since 1970. */
  const patience = new Map<string, number>();

  async function repair({ name }: ClusterRecord, drifted: Drifted, signal: AbortSignal): Promise<void> {
    try {
      await repairDrift(options, drifted, signal);
    } catch (error) {
      patience.set(name, clock.now() + recheckMs);
      if (!signal.aborted) logger.warn({ cluster: name, error: messageOf(error) }, 'drift not repaired');
    } finally {
      repairing.delete(name);
      if (passedOver.delete(name)) alarm.ring();
    }
  }

  async function pass(signal: AbortSignal): Promise<void> {
    const names = new Set<string>();
    for (const cluster of await clusters.list()) {
      signal.throwIfAborted();
      names.add(cluster.name);
      if (repairing.has(cluster.name)) {
        passedOver.add(cluster.name);
        continue;
      }
      const drifted = await settle(options, cluster);
      const isPatient = clock.now() < (patience.get(cluster.name) ?? 0);
      if (!isPatient && drifted?.findings.some(isToBeMended) === true)
        repairing.set(cluster.name, repair(cluster, drifted, signal));
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
    events: (cluster, signal) => findingEvents(store, cluster, signal),
    keep: async (signal) => {
      const afterRevision = await store.revision();
      const watches = causes.map(async (prefix) => {
        for await (const _change of store.watch(prefix, { afterRevision, signal })) alarm.ring();
      });
      await Promise.all([...watches, keepPassing(signal)]);
      await Promise.all(repairing.values());
    },
  };
}

/** What is found now takes the place of what was on record. Undefined while nothing can be found. */
async function settle(options: DriftOptions, cluster: ClusterRecord): Promise<Drifted | undefined> {
  const { store, births, checks, clock } = options;
  const { birth } = await births.get(cluster.name);
  const known = birth === undefined ? undefined : await knownView(options, cluster, birth);
  if (known === undefined) return undefined;
  const { name, spec } = cluster;
  const writes = settleFindings({
    ...{ cluster: name, spec, seenAt: known.seenAt, now: isoAt(clock.now()) },
    recorded: await recorded(store, name),
    found: checkView(checks, known.view),
  });
  if (writes.length > 0) await store.commit(writes);
  return { ...known, findings: await recorded(store, name) };
}

/** What is damaged is found again, or is over. */
async function recorded(store: Store, cluster: string): Promise<readonly FindingRecord[]> {
  // What is under the prefix was written from a FindingRecord.
  return (await listUndamaged(store, findingsPrefix(cluster))).entries.map(({ value }) => value as FindingRecord);
}
