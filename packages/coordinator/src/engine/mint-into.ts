import { DroverError } from '@drover/core';
import type { ActionCall } from '@drover/proto';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { MintedInput, Step } from '../plan/plan.ts';
import type { OperationOutcome } from '../sessions/sessions.ts';
import { type AttemptContext, requireNode } from './attempt-context.ts';

const mintTimeoutMs = 60_000;

/** A call that is ready to be sent, or why what it needs could not be minted. */
export type MintResult =
  | { readonly kind: 'ready'; readonly call: ActionCall; readonly commandMs: number }
  | Extract<OperationOutcome, { readonly kind: 'failure' }>;

/**
 * The step's call with what has to be minted for it: fresh at each delivery, sealed to the node that will get it, in
 * memory only. A step that needs nothing minted is ready as it is.
 */
export async function mintInto(
  { call, minted }: Step,
  recipient: NodeRecord,
  context: AttemptContext,
  signal: AbortSignal,
): Promise<MintResult> {
  if (minted === undefined) return { kind: 'ready', call, commandMs: 0 };
  const minter = await requireNode(minted.node, context.nodes);
  const request = {
    // Never the same twice: what is minted belongs to one delivery.
    operationId: Buffer.from(context.randomBytes(16)).toString('hex'),
    mode: 'run',
    call: addressTo(recipient, minted.call),
    timeoutMs: mintTimeoutMs,
  } as const;
  try {
    const outcome = await context.sessions.run(minter.nodeId, request, { signal });
    const { commandMs } = outcome;
    if (outcome.kind === 'minted') return { kind: 'ready', call: withMinted(call, outcome.sealed), commandMs };
    if (outcome.kind === 'failure') return outcome;
    throw new TypeError(`${minter.name} answered ${minted.call.name} with ${outcome.kind}`);
  } catch (error) {
    if (signal.aborted || !(error instanceof DroverError)) throw error;
    // A minter that does not answer leaves nothing open: the step's own node was asked nothing yet.
    return {
      kind: 'failure',
      problem: { ...error.problem, node: minter.name },
      startedAt: 0,
      finishedAt: 0,
      commandMs: 0,
    };
  }
}

/** Addressed to the identity that the node has at this moment. */
function addressTo(recipient: NodeRecord, call: MintedInput['call']): ActionCall {
  if (recipient.identity === undefined) throw new TypeError(`${recipient.name} has no identity to mint for`);
  if (call.name !== 'mint-join-credentials') throw new TypeError(`${call.name} is not minted for a node`);
  const params = {
    ...call.params,
    recipientCertificate: recipient.identity.certificate,
    recipientNodeId: recipient.nodeId,
    recipientIncarnation: recipient.incarnation,
  };
  return { name: call.name, params };
}

function withMinted(call: ActionCall, sealed: Uint8Array): ActionCall {
  if (call.name !== 'join-node') throw new TypeError(`${call.name} takes nothing minted`);
  return { name: call.name, params: { ...call.params, sealedCredentials: Buffer.from(sealed) } };
}
