import assert from 'node:assert/strict';
import { DroverError } from '@drover/core';
import type { ActionNameOfKind, ActionParams, GuardedActionName } from '@drover/proto';
import type { AnyAction, EnsureAction, GuardedAction } from '../actions/action.ts';
import type { Host } from '../host/host.ts';
import type { ActionContext } from '../operations/run-action.ts';

/** The name of an action that brings something about. */
export type EnsureName = ActionNameOfKind<'ensure'>;

/** One way to try an ensure action on a machine that does not have what it wants yet. */
export interface ActionScenario<Name extends EnsureName = EnsureName> {
  readonly params: ActionParams<Name>;
  /** Parameters that no machine could satisfy: refused as `parameters-invalid` before anything is looked at. */
  readonly rejected?: readonly ActionParams<Name>[];
  /** The machine may get there by itself, between two looks: waiting is all that the action does. */
  readonly mayBeSatisfiedAlready?: true;
  /** Given what a person would type for it. */
  readonly onScript?: (script: string) => void;
}

/** Everything about the machine that an action could change, as one comparable value. */
export type Snapshot = () => Promise<unknown>;

/**
 * What holds for every ensure action: inspecting writes nothing and runs nothing that may write; what is not satisfied
 * names its changes; after applying once it is satisfied, and nothing more changes; impossible parameters are refused.
 */
export async function checkEnsureAction<Name extends EnsureName>(
  action: EnsureAction<Name>,
  context: ActionContext,
  { params, rejected = [], mayBeSatisfiedAlready, onScript }: ActionScenario<Name>,
  snapshot: Snapshot,
): Promise<void> {
  for (const wrong of rejected) {
    const thrown = await untouched(snapshot, () => action.inspect(reading(context), wrong)).catch(refusalOf);
    assert.equal(thrown, 'parameters-invalid', `${JSON.stringify(wrong)} is not refused`);
  }

  const found = await untouched(snapshot, () => action.inspect(reading(context), params));
  if (mayBeSatisfiedAlready !== true) assert.equal(found.satisfied, false, 'the scenario has nothing to change');
  if (!found.satisfied) {
    assert.ok(found.changes.length > 0, 'something is not satisfied, and no change is named');
    for (const { subject, before, after } of found.changes) {
      assert.notEqual(subject, '');
      assert.notEqual(before, after, `${subject} would not change`);
    }
  }
  const pieces = await untouched(snapshot, async () => await action.byHand(reading(context), params));
  assert.ok(pieces.length > 0, 'there is no way to do it by hand');
  onScript?.(pieces.join('\n'));
  // A proof has no state to inspect afterwards, and needs a cluster that runs pods: the end-to-end test carries it out.
  if (action.proof === true) return;
  if (!found.satisfied) await action.apply(context, params, found);

  const left = await untouched(snapshot, () => action.inspect(reading(context), params));
  assert.deepEqual(left, { satisfied: true, changes: [] }, 'applying once was not enough');
}

/** A guarded action in the form of the others: it keeps the same promises, and its probe says how far it is. */
export function asEnsureAction<Name extends GuardedActionName>(action: GuardedAction<Name>): EnsureAction<Name> {
  return {
    kind: 'ensure',
    name: action.name,
    byHand: action.byHand,
    inspect: async (context, params) => {
      const found = await action.probe(context, params);
      const satisfied = found.outcome === 'done';
      return { satisfied, changes: satisfied ? [] : action.describe(context, params, found) };
    },
    apply: async (context, params) => {
      await action.run(context, params, await action.probe(context, params));
    },
  };
}

/** The ensure actions of a registry that have no scenario: the conformance test fails unless there are none. */
export function untriedActions(
  registry: Readonly<Record<string, AnyAction>>,
  tried: readonly string[],
): readonly string[] {
  const ensured = Object.values(registry).filter((action) => action.kind === 'ensure');
  return ensured.map((action) => action.name).filter((name) => !tried.includes(name));
}

function refusalOf(error: unknown): string {
  if (error instanceof DroverError) return error.code;
  throw error;
}

async function untouched<Result>(snapshot: Snapshot, look: () => Promise<Result>): Promise<Result> {
  const before = await snapshot();
  const result = await look().catch(async (error: unknown) => {
    assert.deepEqual(await snapshot(), before, 'inspecting changed the machine');
    throw error;
  });
  assert.deepEqual(await snapshot(), before, 'inspecting changed the machine');
  return result;
}

/** The context with a host whose writing half fails. */
function reading(context: ActionContext): ActionContext {
  const refuse = (what: string) => () => assert.fail(`inspecting called ${what}`);
  const host: Host = {
    ...context.host,
    run: refuse('run'),
    writeFile: refuse('writeFile'),
    removeFile: refuse('removeFile'),
  };
  return { ...context, host };
}
