import { DroverError } from '@drover/core';
import type { ActionCall } from '@drover/proto';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { MintedInput, Step } from '../plan/plan.ts';
import type { OperationOutcome, OperationRequest } from '../sessions/sessions.ts';
import { type AttemptContext, type AttemptObservation, requireNode } from './attempt-context.ts';
import { reportAbsence } from './observe-attempt.ts';

const mintTimeoutMs = 60_000;

/** A call that is ready to be sent, that nothing needs to be sent, or why what it needs could not be minted. */
export type MintResult =
  | { readonly kind: 'ready'; readonly call: ActionCall; readonly commandMs: number }
  | Extract<OperationOutcome, { readonly kind: 'completion' | 'failure' }>;

/**
 * The step's call with what has to be minted for it: fresh at each delivery, sealed to the node that will get it, in
 * memory only. A step that needs nothing minted is ready as it is. Nothing is minted for a node that needs nothing done:
 * it is asked first, and the step is then complete.
 */
export async function mintInto(
  { call, minted, timeoutMs }: Step,
  recipient: NodeRecord,
  context: AttemptContext,
  observation: AttemptObservation,
): Promise<MintResult> {
  if (minted === undefined) return { kind: 'ready', call, commandMs: 0 };
  const inspect = { ...passing(context), mode: 'inspect', call, timeoutMs } as const;
  const found = await ask(recipient, inspect, context, observation.signal);
  if (found.kind === 'failure') return found;
  if (found.kind !== 'inspection') throw new TypeError(`${recipient.name} inspected ${call.name} as ${found.kind}`);
  if (found.satisfied) return { ...found, kind: 'completion', changed: false, changes: [] };

  const minter = await requireNode(minted.node, context.nodes);
  const mint = {
    ...passing(context),
    mode: 'run',
    call: addressTo(recipient, minted.call),
    timeoutMs: mintTimeoutMs,
  } as const;
  const outcome = await askMinter(minter, mint, context, observation);
  if (outcome.kind === 'failure') return outcome;
  if (outcome.kind !== 'minted')
    throw new TypeError(`${minter.name} answered ${minted.call.name} with ${outcome.kind}`);
  const commandMs = found.commandMs + outcome.commandMs;
  return { kind: 'ready', call: withMinted(call, outcome.sealed), commandMs };
}

/** Never the same id twice: an answer of this kind belongs to one delivery. */
function passing({ randomBytes }: AttemptContext): { readonly operationId: string } {
  return { operationId: Buffer.from(randomBytes(16)).toString('hex') };
}

/** While the minter is away, the step waits for it. */
async function askMinter(
  minter: NodeRecord,
  request: OperationRequest,
  context: AttemptContext,
  { signal, observer }: AttemptObservation,
): Promise<OperationOutcome> {
  const { clock, sessions } = context;
  const watching = new AbortController();
  const untilMs = clock.now() + request.timeoutMs;
  reportAbsence(minter, sessions, observer, { now: () => clock.now(), untilMs, signal: watching.signal });
  try {
    return await ask(minter, request, context, signal);
  } finally {
    watching.abort();
  }
}

/** A node that does not answer is a failure and leaves nothing open: the step itself was not sent yet. */
async function ask(
  node: NodeRecord,
  request: OperationRequest,
  { sessions }: AttemptContext,
  signal: AbortSignal,
): Promise<OperationOutcome> {
  try {
    return await sessions.run(node.nodeId, request, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof DroverError)) throw error;
    const problem = { ...error.problem, node: node.name };
    return { kind: 'failure', problem, startedAt: 0, finishedAt: 0, commandMs: 0 };
  }
}

/** Addressed to the identity that the node has at this moment. */
function addressTo(recipient: NodeRecord, call: MintedInput['call']): ActionCall {
  if (recipient.identity === undefined) throw new TypeError(`${recipient.name} has no identity to mint for`);
  const recipientParams = {
    recipientCertificate: recipient.identity.certificate,
    recipientNodeId: recipient.nodeId,
    recipientIncarnation: recipient.incarnation,
  };
  switch (call.name) {
    case 'mint-join-credentials':
      return { name: call.name, params: { ...call.params, ...recipientParams } };
    case 'mint-control-plane-credentials':
      return { name: call.name, params: { ...call.params, ...recipientParams } };
    case 'mint-kubeconfig':
      throw new TypeError(`${call.name} is not minted for a node`);
  }
}

function withMinted(call: ActionCall, sealed: Uint8Array): ActionCall {
  const sealedCredentials = Buffer.from(sealed);
  switch (call.name) {
    case 'join-node':
      return { name: call.name, params: { ...call.params, sealedCredentials } };
    case 'join-control-plane':
      return { name: call.name, params: { ...call.params, sealedCredentials } };
    default:
      throw new TypeError(`${call.name} takes nothing minted`);
  }
}
