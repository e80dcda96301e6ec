import { type Logger, messageOf } from '@drover/core';
import { type ClaimRecord, claimPrefix } from '../claims/claim-record.ts';
import { Alarm } from '../engine/alarm.ts';
import type { Engine } from '../engine/engine.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import type { ConnectedNode, NodeSessions } from '../sessions/sessions.ts';
import { unchanged } from '../store/guarded-update.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import {
  assessPartialWipe,
  holdsClusterState,
  type PartialWipe,
  type PartialWipeContext,
} from './assess-partial-wipe.ts';
import { type MemberRecords, readMemberInQuestion, readOwedMembership } from './member-in-question.ts';

/** Looks after nodes that are themselves, and whose disks have lost their membership. */
export interface PartialWipes {
  /**
   * Judges every node that connects with an empty disk though it was made a member, until the signal aborts: its rejoin
   * becomes due, or it waits as a claim. Survives restarts.
   */
  keep(signal: AbortSignal): Promise<void>;
}

/** Where such nodes are met, and what is known of them. */
export interface PartialWipesOptions extends PartialWipeContext, MemberRecords {
  readonly sessions: Pick<NodeSessions, 'connected' | 'onChange'>;
  readonly facts: Pick<FactsGatherer, 'gather'>;
  readonly engine: Pick<Engine, 'problem'>;
  readonly logger: Logger;
}

/** What waits is judged again as often as a machine asks that makes a claim by itself. */
const recheckMs = 30_000;

/** Changes below these can let one go on that waits. */
const causes: readonly string[] = [claimPrefix, 'locks/cluster/'];

/** The controller over a store. */
export function createPartialWipes(options: PartialWipesOptions): PartialWipes {
  const { store, sessions, clock, engine, logger } = options;
  const alarm = new Alarm();
  /** Nodes whose disks were seen to be as they have to be, by the session that said otherwise. */
  const settled = new Map<string, string>();

  async function look(node: ConnectedNode, signal: AbortSignal): Promise<void> {
    try {
      if ((await lookAt(node, options, signal)) === 'settled') settled.set(node.nodeId, node.connectedAt);
    } catch (error) {
      if (!signal.aborted) logger.warn({ node: node.nodeName, error: messageOf(error) }, 'a disk was not looked at');
    }
  }

  async function pass(signal: AbortSignal): Promise<void> {
    // Whoever holds the engine is to decide first who is in charge.
    if (engine.problem() !== undefined) return;
    const doubtful = sessions
      .connected()
      .filter(
        ({ nodeId, connectedAt, ...node }) => node.holdsClusterState === false && settled.get(nodeId) !== connectedAt,
      );
    await Promise.all(doubtful.map((node) => look(node, signal)));
    await withdrawMoot(options, (nodeId) => settled.has(nodeId));
  }

  return {
    keep: async (signal) => {
      sessions.onChange(({ node, connected }) => {
        if (!connected) settled.delete(node.nodeId);
        alarm.ring();
      }, signal);
      const afterRevision = await store.revision();
      const watches = causes.map(async (prefix) => {
        for await (const _change of store.watch(prefix, { afterRevision, signal })) alarm.ring();
      });
      await Promise.all([...watches, keepPassing(pass, { alarm, clock, signal, logger })]);
    },
  };
}

async function keepPassing(
  pass: (signal: AbortSignal) => Promise<void>,
  {
    alarm,
    clock,
    signal,
    logger,
  }: Pick<PartialWipesOptions, 'clock' | 'logger'> & {
    readonly alarm: Alarm;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  while (!signal.aborted) {
    // Before the pass: what happens during it is looked at in the next one.
    const rung = alarm.wait();
    await pass(signal).catch((error: unknown) => {
      if (!signal.aborted) logger.error({ err: error }, 'members could not be looked after');
    });
    const over = new AbortController();
    const recheck = clock.sleep(recheckMs, AbortSignal.any([signal, over.signal])).catch(() => undefined);
    await Promise.race([rung, recheck]);
    over.abort();
  }
}

async function lookAt(
  { nodeId, incarnation, address = 'unknown' }: ConnectedNode,
  options: PartialWipesOptions,
  signal: AbortSignal,
): Promise<'settled' | 'open'> {
  const { clock, store, facts, logger } = options;
  const known = await readMemberInQuestion(nodeId, options, clock.now());
  if (known?.node.incarnation !== incarnation) return 'open';
  // What it said when it connected may have changed: it has joined since, say.
  const gathered = await facts.gather(nodeId, signal);
  if (holdsClusterState(gathered.facts)) return 'settled';
  const wipe = await assessPartialWipe(known, { facts: gathered.facts, address }, options);
  if (isKnown(wipe, known.before)) return 'open';
  const { committed } = await store.commit(wipe.writes, wipe.guards);
  const { claimId, nodeName, state, reason } = wipe.claim;
  if (committed) logger.warn({ claimId, node: nodeName, state, reason }, 'a member’s disk has lost its membership');
  return 'open';
}

/** Whether filing it again would say nothing new. Who reads it is told once in a while that it is still so. */
function isKnown({ claim }: PartialWipe, before: ClaimRecord | undefined): boolean {
  if (before === undefined || claim.state !== before.state || claim.reason !== before.reason) return false;
  return claim.lease?.renewedAt === before.lease?.renewedAt && ageMs(claim, before) < recheckMs;
}

function ageMs(claim: ClaimRecord, before: ClaimRecord): number {
  return Math.abs(Date.parse(claim.lastAt) - Date.parse(before.lastAt));
}

/** Takes claims back that are about nothing any more: the node is a member again, has left, or is another machine. */
async function withdrawMoot(options: PartialWipesOptions, isMember: (nodeId: string) => boolean): Promise<void> {
  const { store, logger } = options;
  for (const entry of (await listUndamaged(store, claimPrefix)).entries) {
    const { verdict, state, nodeId = '', nodeName, claimId } = entry.value as ClaimRecord;
    if (verdict !== 'partial-wipe' || (state !== 'pending' && state !== 'approved')) continue;
    if (!isMember(nodeId) && (await readOwedMembership(nodeId, options))?.claimId === claimId) continue;
    const { committed } = await store.commit([{ kind: 'delete', key: entry.key }], [unchanged(entry.key, entry)]);
    if (committed) logger.info({ claimId, node: nodeName }, 'a claim of a member is withdrawn');
  }
}
