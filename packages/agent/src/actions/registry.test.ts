import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { systemClock } from '@drover/core';
import { actions, type GuardedActionName } from '@drover/proto';
import { asEnsureAction, checkEnsureAction, type EnsureName, untriedActions } from '../testing/action-conformance.ts';
import { actionScenarios } from '../testing/action-scenarios.ts';
import { scenarioNodes } from '../testing/membership-params.ts';
import type { PlacedScenario } from '../testing/placed-scenario.ts';
import { createSimulatedSite } from '../testing/simulated-site.ts';
import type { EnsureAction, GuardedAction } from './action.ts';
import { actionRegistry } from './registry.ts';

const site = await createSimulatedSite(scenarioNodes, systemClock);
after(async () => {
  await site.remove();
});

test('every action of the contract is in the registry, under its own name and of its own kind', () => {
  for (const [name, { kind }] of Object.entries(actions)) {
    const registered = Object.entries(actionRegistry).find(([key]) => key === name)?.[1];
    assert.deepEqual([registered?.name, registered?.kind], [name, kind]);
  }
});

test('every ensure action is tried by a scenario', () => {
  assert.deepEqual(
    untriedActions(
      actionRegistry,
      actionScenarios.map(({ action }) => action),
    ),
    [],
  );
});

// In order: each machine goes through what a bring-up does to it, from bare to member.
for (const scenario of actionScenarios) {
  test(`${scenario.action} on ${scenario.node} keeps the promises of an ensure action`, async () => {
    await carryOut(scenario);
  });
}

async function carryOut<Name extends EnsureName>(scenario: PlacedScenario<Name>): Promise<void> {
  const context = site.context(scenario.node);
  const registered = actionRegistry[scenario.action];
  // The registry has under a name the action of that name.
  const action = ('guarded' in registered
    ? asEnsureAction(registered as GuardedAction<GuardedActionName>)
    : registered) as unknown as EnsureAction<Name>;
  const params = await scenario.params(site);
  await checkEnsureAction(action, context, { ...scenario, params }, site.snapshot);
}
