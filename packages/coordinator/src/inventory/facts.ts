import { type Clock, type Logger, messageOf } from '@drover/core';
import { Facts } from '@drover/proto';
import { Value } from 'typebox/value';
import { coordinatorErrors } from '../errors.ts';
import type { ConnectedNode, NodeSessions } from '../sessions/sessions.ts';
import type { Store } from '../store/store.ts';

/** What a node said of itself, and when. Stored at `facts/<nodeId>`. */
export interface FactsRecord {
  readonly facts: Facts;
  /** On the coordinator's clock. ISO 8601. */
  readonly gatheredAt: string;
  /** The agent's clock minus the coordinator's, measured while the facts were gathered. */
  readonly clockSkewMs: number;
  /** The digest that the agent announced for facts like these; empty when they came without one. */
  readonly digest: string;
}

/** The last facts of every node. */
export interface FactsInventory {
  /**
   * Asks the node now, and keeps the answer. Throws `node-not-connected`, `facts-unusable` when the agent fails or
   * answers something else than facts, or the signal's reason.
   */
  gather(nodeId: string, signal: AbortSignal): Promise<FactsRecord>;
  /** The last known; undefined when the node has never answered. */
  last(nodeId: string): Promise<FactsRecord | undefined>;
  /** Gathers from every node that connects with a digest other than the last one, until the signal aborts. */
  refreshOnConnect(signal: AbortSignal): void;
}

export interface FactsInventoryOptions {
  readonly store: Store;
  readonly sessions: NodeSessions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly newOperationId: () => string;
}

const timeoutMs = 20_000;

export function createFactsInventory(options: FactsInventoryOptions): FactsInventory {
  const { store, sessions, clock, logger } = options;

  async function gather(nodeId: string, signal: AbortSignal): Promise<FactsRecord> {
    const node = sessions.find(nodeId);
    if (node === undefined) throw away(nodeId);
    const sentAt = clock.now();
    const facts = await ask(node, options, signal);
    const now = clock.now();
    const record: FactsRecord = {
      facts,
      gatheredAt: new Date(now).toISOString(),
      // The agent read its clock somewhere between the two: the middle is wrong by half the way at most.
      clockSkewMs: Math.round(facts.clock.nowMs - (sentAt + now) / 2),
      digest: node.factsDigest,
    };
    await store.commit([{ kind: 'put', key: factsKey(nodeId), value: record }]);
    return record;
  }

  const last: FactsInventory['last'] = async (nodeId) =>
    // What is under the key was written from a FactsRecord, above.
    (await store.get(factsKey(nodeId)))?.value as FactsRecord | undefined;

  return {
    gather,
    last,
    refreshOnConnect: (signal) => {
      const refresh = async ({ nodeId, nodeName, factsDigest }: ConnectedNode): Promise<void> => {
        try {
          if (factsDigest === '' || (await last(nodeId))?.digest !== factsDigest) await gather(nodeId, signal);
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

async function ask(node: ConnectedNode, options: FactsInventoryOptions, signal: AbortSignal): Promise<Facts> {
  const call = { name: 'gather-facts', params: {} } as const;
  const request = { operationId: options.newOperationId(), mode: 'run', call, timeoutMs } as const;
  const outcome = await options.sessions.run(node.nodeId, request, { signal });
  const details = { tried: 'gather facts', node: node.nodeName };
  if (outcome.kind === 'failure')
    throw coordinatorErrors.create('facts-unusable', { ...details, reason: outcome.problem.reason });
  if (outcome.kind !== 'answer' || !Value.Check(Facts, outcome.document)) {
    const wrong = outcome.kind === 'answer' ? Value.Errors(Facts, outcome.document).slice(0, 5) : [];
    throw coordinatorErrors.create('facts-unusable', {
      ...details,
      reason: 'the agent answered something else than facts',
      faults: wrong.map(({ instancePath, message }) => ({ path: instancePath, message })),
    });
  }
  return outcome.document;
}

function away(nodeId: string) {
  return coordinatorErrors.create('node-not-connected', { tried: 'gather facts', reason: `node ${nodeId} is away` });
}

function factsKey(nodeId: string): string {
  return `facts/${nodeId}`;
}
