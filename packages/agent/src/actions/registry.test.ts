import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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

/** What is said to be typed, scenario by scenario. */
const scripts: string[] = [];

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
  const onScript = (script: string): number => scripts.push(script);
  await checkEnsureAction(action, context, { ...scenario, params, onScript }, site.snapshot);
}

test('what a person would type for each action is bash, and holds nothing that was sealed', () => {
  const script = scripts.map((each) => `if true; then\n${each}\n:\nfi\n`).join('\n');
  const { status, stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.equal(scripts.length, actionScenarios.length);
  // kubeadm's own forms of a bootstrap token and a certificate key.
  assert.doesNotMatch(script, /\b[a-z0-9]{6}\.[a-z0-9]{16}\b/);
  assert.doesNotMatch(script.replaceAll(/^[0-9a-f]{64}\*\)/gm, ''), /(?<!sha256:)\b[0-9a-f]{64}\b/);
});
