import type { Clock, DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import type { Store } from '../store/store.ts';
import { type ClaimRecord, claimKey } from './claim-record.ts';
import type { Liveness } from './liveness.ts';

/** What people decide about claims. */
export interface ClaimDecisions {
  /**
   * A person lets the machine in; it comes for it by itself. A machine of no node needs the name of one. Throws
   * `claim-decided` for one that waits for nobody, and `clone-suspected` while the node is alive elsewhere.
   */
  approve(claimId: string, by: string, nodeName?: string): Promise<ClaimRecord | undefined>;
  /** A person turns the machine away for good: its key is not let in any more. Throws `claim-decided` for one that waits for nobody. */
  reject(claimId: string, by: string): Promise<ClaimRecord | undefined>;
}

/** Where claims are kept. */
export interface ClaimDecisionsOptions {
  readonly store: Store;
  readonly nodes: Pick<Nodes, 'ensureSlot'>;
  readonly liveness: Pick<Liveness, 'answersNow'>;
  readonly clock: Clock;
}

/** The decisions in a store. */
export function createClaimDecisions(options: ClaimDecisionsOptions): ClaimDecisions {
  const { store, nodes, clock } = options;
  const now = (): string => new Date(clock.now()).toISOString();

  async function decideByPerson(claimId: string, change: (claim: ClaimRecord) => ClaimRecord) {
    return await guardedUpdate(store, async () => {
      const entry = await store.get(claimKey(claimId));
      const claim = entry?.value as ClaimRecord | undefined;
      if (claim === undefined) return { writes: [], guards: [], result: undefined };
      if (claim.state !== 'pending' && claim.state !== 'quarantined') throw decided(claim);
      const result = change(claim);
      return {
        writes: [{ kind: 'put', key: claimKey(claimId), value: result }],
        guards: [unchanged(claimKey(claimId), entry)],
        result,
      };
    });
  }

  return {
    approve: async (claimId, by, nodeName) => {
      const claim = (await store.get(claimKey(claimId)))?.value as ClaimRecord | undefined;
      if (claim === undefined) return undefined;
      if (claim.verdict === 'clone' && claim.nodeId !== undefined) await requireSilence(claim, options);
      const node = claim.nodeId === undefined ? await slotFor(claim, nodeName, nodes) : undefined;
      const named = node === undefined ? {} : { nodeId: node.nodeId, nodeName: node.name };
      const decision = { by, at: now() };
      const reason = `${by} approved it: the machine comes for it by itself`;
      return await decideByPerson(claimId, (each) => ({ ...each, ...named, state: 'approved', decision, reason }));
    },
    reject: async (claimId, by) =>
      await decideByPerson(claimId, (claim) => {
        const decision = { by, at: now() };
        return { ...claim, state: 'rejected', decision, reason: `${by} rejected it at ${decision.at}` };
      }),
  };
}

/** A person cannot evict a living node for a newcomer: it has to be stopped first. */
async function requireSilence(claim: ClaimRecord, { liveness }: ClaimDecisionsOptions): Promise<void> {
  if (claim.nodeId === undefined || !(await liveness.answersNow(claim.nodeId))) return;
  throw coordinatorErrors.create('clone-suspected', {
    tried: 'approve a claim',
    ...(claim.nodeName === undefined ? {} : { node: claim.nodeName }),
    reason: 'the node answers at this moment: this is another machine',
  });
}

/** The empty slot that a machine of no node is to have. */
async function slotFor(
  { claimId }: ClaimRecord,
  nodeName: string | undefined,
  nodes: Pick<Nodes, 'ensureSlot'>,
): Promise<NodeRecord> {
  const refuse = (reason: string, remedy: string) =>
    coordinatorErrors.create('claim-without-node', { tried: `approve the claim ${claimId}`, reason, remedy });
  if (nodeName === undefined)
    throw refuse('nothing tells which node the machine is', 'Say which new node it is to be.');
  const node = await nodes.ensureSlot(nodeName);
  if (node.incarnation === 0) return node;
  throw refuse(
    `${nodeName} is another machine, by all that is known`,
    'Choose a new name, or make a token for the node.',
  );
}

function decided({ claimId, state, reason }: ClaimRecord): DroverError {
  return coordinatorErrors.create('claim-decided', {
    tried: `decide the claim ${claimId}`,
    reason: `it is ${state}: ${reason}`,
  });
}
