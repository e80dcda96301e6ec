import type { Clock } from '@drover/core';
import { type ClaimRecord, claimKey, claimPrefix } from '../claims/claim-record.ts';
import { standingOf } from '../claims/standing.ts';
import type { Clusters } from '../clusters/clusters.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import { type Nodes, nodeKey } from '../inventory/nodes.ts';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import { listUndamaged } from '../store/read-undamaged.ts';
import type { Store } from '../store/store.ts';
import { type FleetTokenRecord, fleetTokenKey } from './fleet-token-record.ts';
import { type FleetMatch, matchFleetRule } from './match-fleet-rule.ts';
import { type TokenRecord, tokenKey } from './token-record.ts';

/** What approving takes. */
export interface RuleApprovalOptions {
  readonly store: Store;
  readonly nodes: Pick<Nodes, 'ensureSlot' | 'listRemoved'>;
  readonly clusters: Pick<Clusters, 'list'>;
  readonly clock: Clock;
}

/**
 * Approves the claim of a machine that has proved a fleet token and fits one of its rules. True when it is approved now. A
 * rule makes new workers only: a machine that is known, a control-plane node of a stored cluster, a name that is somebody
 * else's, a token that has expired or has let in as many as it may: all of these wait for a person.
 */
export async function approveByRule(claimId: string, tokenId: string, options: RuleApprovalOptions): Promise<boolean> {
  const { store, nodes, clock } = options;
  const match = (await readMatch(claimId, tokenId, options)).match;
  if (match === undefined || (await isKept(match.nodeName, options))) return false;
  const slot = await nodes.ensureSlot(match.nodeName);
  return await guardedUpdate(store, async () => {
    const { match: still, claim, token, guards } = await readMatch(claimId, tokenId, options);
    const nodeEntry = await store.get(nodeKey(slot.nodeId));
    const isEmpty = (nodeEntry?.value as NodeRecord | undefined)?.incarnation === 0;
    if (still?.nodeName !== slot.name || !isEmpty) return { writes: [], guards: [], result: false };
    const decision = { by: `fleet token ${tokenId}`, at: new Date(clock.now()).toISOString(), rule: match.reason };
    const reason = `${match.reason}, by a rule of the fleet token ${tokenId}`;
    const node = { nodeId: slot.nodeId, nodeName: slot.name };
    return {
      writes: [
        { kind: 'put', key: claimKey(claimId), value: { ...claim, ...node, state: 'approved', decision, reason } },
        { kind: 'put', key: fleetTokenKey(tokenId), value: { ...token, letIn: (token?.letIn ?? 0) + 1 } },
      ],
      guards: [...guards, unchanged(nodeKey(slot.nodeId), nodeEntry)],
      result: true,
    };
  });
}

/** The rule that a waiting stranger fits, as of now. */
async function readMatch(claimId: string, tokenId: string, { store, clock }: RuleApprovalOptions) {
  const claimEntry = await store.get(claimKey(claimId));
  const tokenEntry = await store.get(fleetTokenKey(tokenId));
  // What is under these keys was written from these records' types alone.
  const claim = claimEntry?.value as ClaimRecord | undefined;
  const token = tokenEntry?.value as FleetTokenRecord | undefined;
  const waits = claim?.state === 'pending' && claim.nodeId === undefined;
  const isGood = token !== undefined && clock.now() <= Date.parse(token.expiresAt) && token.letIn < token.atMost;
  const match: FleetMatch | undefined =
    waits && isGood && claim.account !== undefined ? matchFleetRule(token.rules, claim.account) : undefined;
  const guards = [unchanged(claimKey(claimId), claimEntry), unchanged(fleetTokenKey(tokenId), tokenEntry)];
  return { match, claim, token, guards };
}

/** Whether the name is for somebody else: a machine had it, asks for it, or is to come with a token for it; or for a person to give. */
async function isKept(name: string, { store, nodes, clusters, clock }: RuleApprovalOptions): Promise<boolean> {
  if ((await nodes.listRemoved()).some((removed) => removed.name === name)) return true;
  if ((await standingOf(clusters, name)).membership?.role === 'control-plane') return true;
  const claims = (await listUndamaged(store, claimPrefix)).entries.map(({ value }) => value as ClaimRecord);
  if (claims.some(({ nodeName, state }) => nodeName === name && (state === 'approved' || state === 'pending')))
    return true;
  const tokens = (await listUndamaged(store, tokenKey(''))).entries.map(({ value }) => value as TokenRecord);
  return tokens.some(
    ({ nodeName, state, expiresAt }) =>
      nodeName === name && state.kind !== 'used' && Date.parse(expiresAt) > clock.now(),
  );
}
