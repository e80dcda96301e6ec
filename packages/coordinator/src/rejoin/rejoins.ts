import { type Clock, messageOf } from '@drover/core';
import { birthKey } from '../clusters/cluster-birth.ts';
import { runLockKey } from '../clusters/clusters.ts';
import { Alarm } from '../engine/alarm.ts';
import { coordinatorErrors } from '../errors.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import { advanceRejoin, isoNow, type RejoinsOptions, type RejoinWait, type Wait } from './advance-rejoin.ts';
import { changeRejoin } from './change-rejoin.ts';
import { type RejoinRecord, rejoinKey, rejoinPrefix } from './rejoin-record.ts';

/** A rejoin as it is now. */
export type RejoinStatus = RejoinRecord & { readonly waiting?: RejoinWait };

/** The rejoins of nodes that were installed anew. */
export interface Rejoins {
  /** By node name. */
  list(): Promise<readonly RejoinStatus[]>;
  get(nodeId: string): Promise<RejoinStatus | undefined>;
  /** Has one that is blocked tried again, with a new plan. Throws `not-found` and `rejoin-under-way`. */
  retry(nodeId: string): Promise<RejoinRecord>;
  /** Brings back whatever is due, until the signal aborts. One at a time per cluster; survives restarts. */
  keep(signal: AbortSignal): Promise<void>;
}

/** Everything is looked at again after so long, whether or not something has happened. */
const recheckMs = 10_000;

/** Changes below these can let a rejoin go on. */
const causes: readonly string[] = [rejoinPrefix, runLockKey(''), 'clusters/', birthKey('')];

/** The controller over a store. */
export function createRejoins(options: RejoinsOptions): Rejoins {
  const { store, sessions, logger, clock } = options;
  const waits = createWaits(clock);
  const alarm = new Alarm();
  const read = async (nodeId: string): Promise<RejoinRecord | undefined> =>
    // What is under the key was written from a RejoinRecord.
    (await store.get(rejoinKey(nodeId)))?.value as RejoinRecord | undefined;
  // A damaged one is named by the store, and waits: the others are brought back.
  const readAll = async (): Promise<readonly RejoinRecord[]> =>
    (await listUndamaged(store, rejoinPrefix)).entries.map(({ value }) => value as RejoinRecord);
  const toStatus = (record: RejoinRecord): RejoinStatus => {
    const waiting = waits.get(record.nodeId);
    return waiting === undefined ? record : { ...record, waiting };
  };
  async function pass(signal: AbortSignal): Promise<void> {
    const records = await readAll().catch((error: unknown) => {
      // A damaged record is somebody's to mend; the coordinator goes on.
      logger.error({ err: error }, 'the rejoins cannot be read');
      return [];
    });
    await Promise.all(
      records.map(async (record) => {
        try {
          waits.note(record.nodeId, await advanceRejoin(options, record, signal));
        } catch (error) {
          if (signal.aborted) return;
          logger.error({ err: error, node: record.nodeName }, 'a rejoin could not be looked after');
          waits.note(record.nodeId, { on: `another look: ${messageOf(error)}` });
        }
      }),
    );
  }

  async function keepPassing(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Before the pass: what happens during it is looked at in the next one.
      const rung = alarm.wait();
      await pass(signal);
      const over = new AbortController();
      const recheck = clock.sleep(recheckMs, AbortSignal.any([signal, over.signal])).catch(() => undefined);
      await Promise.race([rung, recheck]);
      over.abort();
    }
  }

  return {
    list: async () => (await readAll()).toSorted((a, b) => (a.nodeName < b.nodeName ? -1 : 1)).map(toStatus),
    get: async (nodeId) => {
      const record = await read(nodeId);
      return record === undefined ? undefined : toStatus(record);
    },
    retry: async (nodeId) => {
      const record = requireBlocked(await read(nodeId));
      const { runId: _run, problem: _problem, ...rest } = record;
      return (await changeRejoin(store, record, { ...rest, state: 'due', at: isoNow(clock) })) ?? record;
    },
    keep: async (signal) => {
      sessions.onChange(() => alarm.ring(), signal);
      const afterRevision = await store.revision();
      const watches = causes.map(async (prefix) => {
        for await (const _change of store.watch(prefix, { afterRevision, signal })) alarm.ring();
      });
      await Promise.all([...watches, keepPassing(signal)]);
    },
  };
}

function requireBlocked(record: RejoinRecord | undefined): RejoinRecord {
  const tried = 'have a rejoin tried again';
  if (record === undefined)
    throw coordinatorErrors.create('not-found', { tried, reason: 'no node of that id rejoins' });
  const { state, nodeName: node } = record;
  if (state === 'blocked') return record;
  throw coordinatorErrors.create('rejoin-under-way', { tried, node, reason: `it is ${state}` });
}

/** What each node's rejoin waits for, and since when; a restart begins anew. */
function createWaits(clock: Clock) {
  const waits = new Map<string, RejoinWait>();
  return {
    get: (nodeId: string): RejoinWait | undefined => waits.get(nodeId),
    note: (nodeId: string, wait: Wait): void => {
      const before = waits.get(nodeId);
      if (wait === undefined) waits.delete(nodeId);
      else waits.set(nodeId, { ...wait, since: before?.on === wait.on ? before.since : isoNow(clock) });
    },
  };
}
