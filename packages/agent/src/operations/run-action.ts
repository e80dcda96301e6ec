import type { Secret } from '@drover/core';
import type { ActionCall, ActionName, Change } from '@drover/proto';
import type { ActionRegistry, AnyAction, ApplyContext, MintContext } from '../actions/action.ts';
import { agentErrors } from '../errors.ts';
import { type MachineLock, whileAlone } from './machine-lock.ts';
import { type OperationOutcome, outcomes } from './operation-outcome.ts';
import type { OperationRequest } from './operations.ts';
import { type GuardedAny, inspectGuardedAction, runGuardedAction } from './run-guarded-action.ts';

/** Seals a secret to one public key for one purpose; @drover/core's `seal`. */
export type Seal = (options: {
  readonly recipientPublicKey: Uint8Array;
  readonly info: string;
  readonly plaintext: Secret;
}) => Promise<Uint8Array>;

/** What running an action needs besides its context. */
export interface ActionPorts {
  readonly registry: ActionRegistry;
  readonly seal: Seal;
  /** Held by what must not happen twice, from its first look on. */
  readonly machineLock: MachineLock;
}

/** Everything that any kind of action is given. */
export type ActionContext = ApplyContext & MintContext;

type EnsureAny = Exclude<Extract<AnyAction, { kind: 'ensure' }>, GuardedAny>;
type MintAny = Extract<AnyAction, { kind: 'mint' }>;

/** Has one action done, by its kind. Throws what the action throws, and `still-not-satisfied`. */
export async function runAction(
  ports: ActionPorts,
  context: ActionContext,
  { mode, call }: Pick<OperationRequest, 'mode' | 'call'>,
): Promise<OperationOutcome> {
  // Some actions would not notice that they were cancelled before they began.
  context.signal.throwIfAborted();
  const action = ports.registry[call.name];
  // The registry holds under each name the action of that name: parameters and action belong together.
  const params = call.params as never;
  if (mode === 'EXPLAIN') return outcomes.byHand(action.kind === 'ensure' ? await action.byHand(context, params) : []);
  switch (action.kind) {
    case 'query':
      return outcomes.answer(await action.answer(context, params));
    case 'ensure':
      if ('guarded' in action)
        return mode === 'INSPECT'
          ? await inspectGuardedAction(action, context, params)
          : await whileAlone(ports.machineLock, context, () => runGuardedAction(action, context, params));
      return mode === 'INSPECT' ? await inspect(action, context, params) : await ensure(action, context, params);
    case 'mint':
      return mode === 'INSPECT' ? mintInspection(call) : await mint(ports, action, context, params);
  }
}

async function inspect(action: EnsureAny, context: ActionContext, params: never): Promise<OperationOutcome> {
  const { satisfied, changes } = await action.inspect(context, params);
  return outcomes.inspection(satisfied, changes);
}

async function ensure(action: EnsureAny, context: ActionContext, params: never): Promise<OperationOutcome> {
  const found = await action.inspect(context, params);
  if (found.satisfied) return outcomes.completion(false, []);
  const made = await action.apply(context, params, found);
  if (action.proof !== true) {
    const left = await action.inspect(context, params);
    if (!left.satisfied) throw stillNotSatisfied(action.name, context.nodeName, left.changes);
  }
  return outcomes.completion(true, made ?? found.changes);
}

function stillNotSatisfied(name: ActionName, node: string, changes: readonly Change[]) {
  return agentErrors.create('still-not-satisfied', {
    tried: `do ${name}`,
    node,
    reason: `${changes.map((change) => change.subject).join(', ')} is still not as wanted`,
    evidence: changes.map(({ subject, before, after }) => `${subject}: is ${before}, wanted ${after}`),
  });
}

async function mint(ports: ActionPorts, action: MintAny, context: ActionContext, params: never) {
  const { secret, recipientPublicKey } = await action.mint(context, params);
  const info = `drover/v1/${action.name}`;
  return outcomes.minted(await ports.seal({ recipientPublicKey, info, plaintext: secret }));
}

/** Minting writes, so that inspecting it can only say that it would happen. */
function mintInspection(call: ActionCall): OperationOutcome {
  return outcomes.inspection(false, [
    { subject: call.name, before: '', after: 'a fresh secret, sealed to its recipient' },
  ]);
}
