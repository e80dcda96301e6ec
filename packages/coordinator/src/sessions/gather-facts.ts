import { type Clock, digestOf, type Logger, messageOf } from '@drover/core';
import { applyDifference, type Facts, type FactsChange, stillFacts } from '@drover/proto';
import { coordinatorErrors } from '../errors.ts';
import type { FactsInventory, FactsRecord } from '../inventory/facts.ts';
import { requireFacts } from '../inventory/require-facts.ts';
import type { ConnectedNode, NodeSessions } from './sessions.ts';

/** Asks nodes for their facts, and keeps the answers in the inventory. */
export interface FactsGatherer {
  /**
   * Asks the node now, and keeps the answer. Throws `node-not-connected`, `facts-unusable` when the agent fails or
   * answers something else than facts, or the signal's reason.
   */
  gather(nodeId: string, signal: AbortSignal): Promise<FactsRecord>;
  /** Gathers from every node that connects with a digest other than the last one, until the signal aborts. */
  refreshOnConnect(signal: AbortSignal): void;
  /**
   * Puts what an agent says has changed upon what is known, and asks for all of it where that gives something else than the
   * agent has. Never rejects: what fails is logged.
   */
  takeChange(node: ConnectedNode, change: FactsChange, signal: AbortSignal): Promise<void>;
}

/** What a gatherer needs. */
export interface FactsGathererOptions {
  readonly facts: FactsInventory;
  readonly sessions: NodeSessions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newOperationId: () => string;
}

const timeoutMs = 20_000;

/** Gathers over sessions. */
export function createFactsGatherer(options: FactsGathererOptions): FactsGatherer {
  const { facts: inventory, sessions, clock, logger } = options;

  async function gather(nodeId: string, signal: AbortSignal): Promise<FactsRecord> {
    const node = sessions.find(nodeId);
    if (node === undefined) throw away(nodeId);
    const sentAt = clock.now();
    const facts = await ask(node, options, signal);
    const now = clock.now();
    const record: FactsRecord = {
      facts,
      gatheredAt: new Date(now).toISOString(),
      clockSkewMs: Math.round(skewOf(facts.clock.nowMs, { sentAt, answeredAt: now })),
      digest: digestOf(stillFacts(facts)),
    };
    await inventory.keep(nodeId, record);
    return record;
  }

  /** One change of a node at a time: however many come meanwhile, all of them are one question. */
  const taking = new Map<string, 'one' | 'more came'>();

  /** Undefined where the change is none of what is known here. */
  async function put(nodeId: string, { baseDigest, digest, json }: FactsChange): Promise<FactsRecord | undefined> {
    const known = await inventory.last(nodeId);
    if (known === undefined || known.digest !== baseDigest) return undefined;
    const difference: unknown = JSON.parse(json);
    const facts = requireFacts(applyDifference(known.facts, difference), { tried: 'take changed facts' });
    if (digestOf(stillFacts(facts)) !== digest) return undefined;
    const now = clock.now();
    // How long it was on its way is not known: a clock is ahead for sure, or as it was.
    const aheadMs = Math.round(facts.clock.nowMs - now);
    const clockSkewMs = aheadMs > 0 ? aheadMs : known.clockSkewMs;
    return { facts, gatheredAt: new Date(now).toISOString(), clockSkewMs, digest };
  }

  return {
    gather,
    takeChange: async ({ nodeId, nodeName }, change, signal) => {
      if (taking.has(nodeId)) return void taking.set(nodeId, 'more came');
      taking.set(nodeId, 'one');
      try {
        const record = await put(nodeId, change);
        if (record !== undefined) await inventory.keep(nodeId, record);
        if (record === undefined || taking.get(nodeId) === 'more came') await gather(nodeId, signal);
      } catch (error) {
        if (!signal.aborted) logger.warn({ node: nodeName, error: messageOf(error) }, 'changed facts not taken');
      } finally {
        taking.delete(nodeId);
      }
    },
    refreshOnConnect: (signal) => {
      const refresh = async ({ nodeId, nodeName, factsDigest }: ConnectedNode): Promise<void> => {
        try {
          if (factsDigest === '' || (await inventory.last(nodeId))?.digest !== factsDigest)
            await gather(nodeId, signal);
        } catch (error) {
          if (!signal.aborted) logger.warn({ node: nodeName, error: messageOf(error) }, 'facts not refreshed');
        }
      };
      sessions.onChange(({ node, connected }) => {
        // `refresh` reports its own failure and never rejects.
        if (connected) void refresh(node);
      }, signal);
    },
  };
}

/**
 * The agent read its clock somewhere between the two: by so much, at least, it differs. A machine that is busy answers late,
 * and is not taken for one whose clock is wrong.
 */
function skewOf(
  readMs: number,
  { sentAt, answeredAt }: { readonly sentAt: number; readonly answeredAt: number },
): number {
  return readMs < sentAt ? readMs - sentAt : Math.max(0, readMs - answeredAt);
}

async function ask(node: ConnectedNode, options: FactsGathererOptions, signal: AbortSignal): Promise<Facts> {
  const call = { name: 'gather-facts', params: {} } as const;
  const request = { operationId: options.newOperationId(), mode: 'run', call, timeoutMs } as const;
  const outcome = await options.sessions.run(node.nodeId, request, { signal });
  const details = { tried: 'gather facts', node: node.nodeName };
  if (outcome.kind === 'failure')
    throw coordinatorErrors.create('facts-unusable', { ...details, reason: outcome.problem.reason });
  return requireFacts(outcome.kind === 'answer' ? outcome.document : undefined, details);
}

function away(nodeId: string) {
  return coordinatorErrors.create('node-not-connected', { tried: 'gather facts', reason: `node ${nodeId} is away` });
}
