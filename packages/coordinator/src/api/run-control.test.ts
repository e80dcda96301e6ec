import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { AuditRecord } from '../audit/audit-record.ts';
import type { ApiFixture } from '../testing/api-fixture.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import { failed } from '../testing/fake-agents.ts';
import { createLabApi, gate, get, type Problem, parseEvents, type Run, startRun } from '../testing/lab-api.ts';

async function post(fixture: ApiFixture, path: string, payload?: object) {
  const headers = { authorization: fixture.authorization };
  const body = payload === undefined ? {} : { payload };
  return fixture.api.inject({ method: 'POST', url: `/api/v1/runs/${path}`, headers, ...body });
}

/** The states of a run and, behind a colon, of its steps' problems, as a reader of all its events sees them. */
async function runStates(fixture: ApiFixture, runId: string): Promise<readonly (string | undefined)[]> {
  const events = parseEvents((await get(fixture, `/runs/${runId}/events`)).body);
  return events.flatMap(({ data }) => data.run?.state ?? []);
}

/** A lab whose kubelet repository fails until it is mended; the step that fails is the second worker's. */
async function failingLab(action = 'install-packages') {
  let isBroken = true;
  const fixture = await createLabApi({
    behave: ({ node, call, request }) =>
      isBroken && node === 'worker-2' && call.name === action && request.mode === 'run' ? failed(false) : undefined,
  });
  const { runId } = (await startRun(fixture)).json<Run>();
  await runStates(fixture, runId);
  const view = (await get(fixture, `/runs/${runId}`)).json<{
    run: Run & { problem: { remedy: string } };
    steps: { stepId: string; state: string; skipped?: object }[];
  }>();
  const step = view.steps.find(({ state }) => state === 'failed' || state === 'blocked');
  assert.ok(step !== undefined);
  return { fixture, runId, stepId: step.stepId, run: view.run, mend: () => (isBroken = false) };
}

suite('a run under way', () => {
  test('is paused, watched, and goes on when it is told to', async () => {
    const held = gate();
    const fixture = await createLabApi({
      behave: ({ call, request }) => (call.name === 'set-hostname' && request.mode === 'run' ? held.wait() : undefined),
    });
    const { runId } = (await startRun(fixture)).json<Run>();
    for (const _ of [1, 2]) {
      const paused = await post(fixture, `${runId}/pause`);
      assert.deepEqual([paused.statusCode, paused.json<Run>().state], [202, 'paused']);
    }
    held.open();
    assert.equal((await startRun(fixture)).json<Problem>().code, 'run-under-way');
    const resumed = await post(fixture, `${runId}/resume`);
    assert.deepEqual([resumed.statusCode, resumed.json<Run>().state], [202, 'running']);
    assert.deepEqual(await runStates(fixture, runId), ['running', 'paused', 'running', 'succeeded']);
    const late = await post(fixture, `${runId}/pause`);
    assert.deepEqual([late.statusCode, late.json<Problem>().code], [409, 'run-not-under-way']);
  });
});

suite('a node of a run under way', () => {
  test('cannot be deleted, also once no cluster file names it any more, and can after the run', async () => {
    const held = gate();
    const fixture = await createLabApi({
      behave: ({ call, request }) => (call.name === 'set-hostname' && request.mode === 'run' ? held.wait() : undefined),
    });
    const headers = { authorization: fixture.authorization };
    const call = (method: 'PUT' | 'DELETE', path: string, payload?: object) =>
      fixture.api.inject({ method, url: `/api/v1${path}`, headers, ...(payload === undefined ? {} : { payload }) });
    const { runId } = (await startRun(fixture)).json<Run>();
    const { metadata, spec, ...kind } = await exampleCluster();
    const nodes = spec.nodes.filter(({ name }) => name !== 'worker-2');
    const stored = await call('PUT', '/clusters/lab', { ...kind, metadata, spec: { ...spec, nodes } });
    assert.equal(stored.statusCode, 200, stored.body);
    const refused = await call('DELETE', '/nodes/worker-2');
    assert.deepEqual([refused.statusCode, refused.json<Problem>().code], [409, 'node-in-use']);
    assert.match(refused.json<Problem>().remedy, new RegExp(runId));
    held.open();
    await runStates(fixture, runId);
    assert.equal((await call('DELETE', '/nodes/worker-2')).statusCode, 204);
  });
});

suite('a run that failed', () => {
  test('says how it goes on, and does with a retry of what failed', async () => {
    const { fixture, runId, stepId, run, mend } = await failingLab();
    assert.equal(run.state, 'failed');
    assert.match(run.problem.remedy, new RegExp(`drover runs retry ${runId}`));
    mend();
    const retried = await post(fixture, `${runId}/retry`, { step: stepId });
    assert.deepEqual([retried.statusCode, retried.json<Run>().state], [202, 'running']);
    assert.deepEqual(await runStates(fixture, runId), ['running', 'failed', 'running', 'succeeded']);
    const over = await post(fixture, `${runId}/retry`, {});
    assert.deepEqual([over.statusCode, over.json<Problem>().code], [409, 'step-not-retryable']);
  });

  test('goes on without a step that is left out, with the reason on record', async () => {
    const { fixture, runId, stepId } = await failingLab('set-hostname');
    const path = `${runId}/steps/${encodeURIComponent(stepId)}/skip`;
    const skipped = await post(fixture, path, { reason: 'it has the name already' });
    assert.equal(skipped.statusCode, 202, skipped.body);
    assert.equal((await runStates(fixture, runId)).at(-1), 'succeeded');
    const { steps } = (await get(fixture, `/runs/${runId}`)).json<{ steps: { stepId: string; skipped?: object }[] }>();
    assert.deepEqual(steps.find((step) => step.stepId === stepId)?.skipped, {
      reason: 'it has the name already',
      by: 'administrator',
      at: '2026-01-01T00:00:00.000Z',
    });
    const { items } = (await get(fixture, '/audit')).json<{ items: AuditRecord[] }>();
    const ends = items.filter(({ operation, event }) => operation === 'skipStep' && event === 'ended');
    assert.deepEqual(
      ends.map(({ target, reason, outcome }) => [target, reason, outcome?.code]),
      [[{ runId, stepId }, 'it has the name already', 'ok']],
    );
  });

  test('leaves nothing out without a reason, or for one that is blank or has no end', async () => {
    const { fixture, runId, stepId } = await failingLab('set-hostname');
    const path = `${runId}/steps/${encodeURIComponent(stepId)}/skip`;
    for (const body of [{}, { reason: '' }, { reason: '  ' }, { reason: 'a\u001b[2Jb' }, { reason: 'x'.repeat(501) }]) {
      const answer = await post(fixture, path, body);
      assert.deepEqual([answer.statusCode, answer.json<Problem>().code], [400, 'input-invalid'], JSON.stringify(body));
    }
    assert.equal((await get(fixture, `/runs/${runId}`)).json<{ run: Run }>().run.state, 'failed');
  });
});

test('what there is not cannot be controlled', async () => {
  const fixture = await createLabApi();
  for (const [path, body] of [
    ['x/pause', undefined],
    ['x/resume', undefined],
    ['x/cancel', undefined],
    ['x/retry', {}],
    ['x/steps/y/skip', { reason: 'z' }],
  ] as const)
    assert.equal((await post(fixture, path, body)).statusCode, 404, path);
});

test('a cluster that is deleted while a run of it is being prepared has no run', async () => {
  const headers = (fixture: ApiFixture) => ({ authorization: fixture.authorization });
  const asked = gate();
  const deleted = gate();
  const fixture = await createLabApi({
    behave: async ({ call }) => {
      if (call.name !== 'gather-facts') return undefined;
      asked.open();
      await deleted.wait();
      return undefined;
    },
  });
  const starting = startRun(fixture);
  await asked.wait();
  const deletion = { method: 'DELETE', url: '/api/v1/clusters/lab', headers: headers(fixture) } as const;
  assert.equal((await fixture.api.inject(deletion)).statusCode, 204);
  deleted.open();
  const refused = await starting;
  assert.deepEqual([refused.statusCode, refused.json<Problem>().code], [409, 'plan-changed']);
  assert.deepEqual((await get(fixture, '/runs')).json<{ items: Run[] }>().items, []);
});
