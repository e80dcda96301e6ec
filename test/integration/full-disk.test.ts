import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { silentLogger, systemClock } from '@drover/core';
import { createReadiness } from '../../packages/coordinator/src/api/readiness.ts';
import { createEngine } from '../../packages/coordinator/src/engine/engine.ts';
import { claimEpoch } from '../../packages/coordinator/src/lineage/claim-epoch.ts';
import { compilePlan } from '../../packages/coordinator/src/plan/compile-plan.ts';
import { createDamageRecord } from '../../packages/coordinator/src/store/damage-record.ts';
import { openSqliteStore } from '../../packages/coordinator/src/store/sqlite-store.ts';
import { exampleView } from '../../packages/coordinator/src/testing/example-view.ts';
import { completed, createFakeAgents, inspected } from '../../packages/coordinator/src/testing/fake-agents.ts';
import { bringUpCluster } from '../../packages/coordinator/src/workflows/bring-up-cluster.ts';
import { cleanUp } from './clean-up.ts';
import { until } from './until.ts';

const clock = systemClock;
const logger = silentLogger();
const minted = { kind: 'minted', sealed: Buffer.from('sealed'), startedAt: 0, finishedAt: 0, commandMs: 0 } as const;

test('a disk that fills up in the middle of a run stops it: nothing more is sent, readiness says so, and it goes on by itself', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'drover-full-disk-'));
  cleanUp(t, () => rm(directory, { recursive: true }));
  // 2 MiB, with little history beside what is stored.
  const bounds = { maximumPages: 512, changeLogRevisions: 2 };
  const store = openSqliteStore({ path: join(directory, 'coordinator.db'), ...bounds });
  cleanUp(t, () => store.close());

  const plan = compilePlan(bringUpCluster, exampleView());
  let isFilled = false;
  /** Takes all that is left, as someone else's log would. */
  async function fillUp(): Promise<void> {
    for (let bytes = 512 * 1_024; bytes >= 64; bytes = Math.floor(bytes / 2)) {
      const value = 'x'.repeat(bytes);
      const isFull = () =>
        store.commit([{ kind: 'put', key: `filler-${bytes}-${Math.random()}`, value }]).then(
          () => false,
          () => true,
        );
      while (!(await isFull()));
    }
    isFilled = true;
  }
  const agents = createFakeAgents({
    names: ['control-plane-1', 'worker-1', 'worker-2'],
    clock,
    behave: async ({ call, request }) => {
      if (agents.sent.length > 10 && !isFilled) await fillUp();
      if (request.mode === 'inspect') return inspected(false);
      return call.name === 'mint-join-credentials' ? minted : completed();
    },
  });
  const { sessions, nodes } = agents;
  const epoch = await claimEpoch(store, { coordinatorId: 'here', startedAt: '' });
  const engine = createEngine({ store, epoch, sessions, nodes, clock, logger, random: () => 0, randomBytes });
  cleanUp(t, () => engine.close());
  const readiness = createReadiness({ engine, store, damage: createDamageRecord(clock), clock });

  const { runId } = await engine.start(plan);
  await until(
    () => 'the engine to meet the full disk',
    () => engine.problem() !== undefined,
  );
  assert.equal((await readiness.problem())?.problem.code, 'store-full');
  const sent = agents.sent.length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(agents.sent.length, sent);
  // Whatever an agent has got is in the journal.
  const { steps } = await engine.view(runId);
  const recorded = new Set(steps.flatMap(({ operationId }) => operationId ?? []));
  for (const { request } of agents.sent) assert.ok(recorded.has(request.operationId), request.call.name);

  const fillers = (await store.list('filler')).map(({ key }) => key);
  for (const key of fillers) await store.commit([{ kind: 'delete', key }]);
  await until(
    () => 'the run to end',
    async () => (await engine.view(runId)).run.state !== 'running',
    30_000,
  );
  assert.equal((await engine.view(runId)).run.state, 'succeeded');
  assert.equal(engine.problem(), undefined);
  const ids = agents.operations.map(({ request }) => request.operationId);
  assert.equal(new Set(ids).size, ids.length);
});
