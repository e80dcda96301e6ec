import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { createApiFixture } from '../testing/api-fixture.ts';
import { exampleText } from '../testing/example-cluster.ts';
import { createLabApi, gate, get, type Problem, parseEvents, plan, type Run, startRun } from '../testing/lab-api.ts';

suite('starting a run', () => {
  test('is accepted with its address; its events end with its end', async () => {
    const fixture = await createLabApi();
    const answer = await startRun(fixture);
    assert.equal(answer.statusCode, 202, answer.body);
    const { runId } = answer.json<Run>();
    assert.equal(answer.headers.location, `/api/v1/runs/${runId}`);

    const events = parseEvents((await get(fixture, `/runs/${runId}/events`)).body);
    assert.deepEqual(
      events.map(({ id }) => id),
      events.map((_, index) => index + 1),
    );
    assert.equal(events.at(-1)?.data.run?.state, 'succeeded');

    const resumed = parseEvents((await get(fixture, `/runs/${runId}/events`, { 'last-event-id': '5' })).body);
    assert.deepEqual(resumed, events.slice(5));
    const again = await get(fixture, `/runs/${runId}/events`, { 'last-event-id': String(events.length) });
    assert.equal(again.statusCode, 200);

    const view = (await get(fixture, `/runs/${runId}`)).json<{
      run: Run;
      plan: { steps: object[] };
      steps: object[];
    }>();
    assert.equal(view.run.state, 'succeeded');
    assert.equal(view.steps.length, view.plan.steps.length);
    assert.deepEqual(
      (await get(fixture, '/runs?cluster=lab')).json<{ items: Run[] }>().items.map((run) => run.runId),
      [runId],
    );
    assert.deepEqual((await get(fixture, `/runs/${runId}/logs`)).json(), { items: [] });
  });

  test('names every node that is not connected, with its reason, and asks none for anything', async () => {
    const fixture = await createLabApi({ names: ['control-plane-1', 'worker-1'] });
    fixture.agents.setConnected('worker-1', false);
    const answer = await startRun(fixture);
    assert.equal(answer.statusCode, 409);
    const { code, faults, remedy } = answer.json<Problem>();
    assert.equal(code, 'node-not-connected');
    assert.match(remedy, /`drover token create worker-2`.* and start it on the other machines/);
    assert.deepEqual(faults, [
      { path: 'spec.nodes[1]', message: 'worker-1 is not connected' },
      { path: 'spec.nodes[2]', message: 'worker-2 is not known: it has no token yet' },
    ]);
    assert.ok(fixture.agents.sent.every(({ request }) => request.call.name === 'gather-facts'));
  });

  test('is refused with every fault at once: what the specification has wrong, and each node that is away', async () => {
    const fixture = await createLabApi({ names: ['control-plane-1', 'worker-1'] });
    const headers = { authorization: fixture.authorization, 'content-type': 'application/yaml' };
    const payload = (await exampleText()).replace('advertiseAddress: 10.213.0.11', 'advertiseAddress: 172.25.73.2');
    const stored = await fixture.api.inject({ method: 'PUT', url: '/api/v1/clusters/lab', headers, payload });
    assert.equal(stored.json<{ change: string }>().change, 'changed', stored.body);
    const answer = await startRun(fixture);
    assert.equal(answer.statusCode, 422);
    const { code, findings = [], faults } = answer.json<Problem>();
    assert.equal(code, 'preflight-failed');
    assert.ok(findings.some(({ severity }) => severity === 'error'));
    assert.deepEqual(
      faults.map(({ path }) => path),
      ['spec.nodes[2]'],
    );
  });

  test('is refused with the findings when preflight finds an error, and nothing is begun', async () => {
    const fixture = await createLabApi();
    const headers = { authorization: fixture.authorization, 'content-type': 'application/yaml' };
    const payload = (await exampleText()).replace('advertiseAddress: 10.213.0.11', 'advertiseAddress: 172.25.73.2');
    await fixture.api.inject({ method: 'PUT', url: '/api/v1/clusters/lab', headers, payload });
    const answer = await startRun(fixture);
    assert.equal(answer.statusCode, 422);
    const { code, findings = [] } = answer.json<Problem>();
    assert.equal(code, 'preflight-failed');
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error').map(({ check }) => check),
      ['advertise-address'],
    );
    assert.ok(fixture.agents.sent.every(({ request }) => request.call.name === 'gather-facts'));
    assert.deepEqual((await get(fixture, '/runs')).json<{ items: Run[] }>().items, []);
  });

  test('with one idempotency key begins one run, however often it is sent', async () => {
    const fixture = await createLabApi();
    const answers = await Promise.all(
      [1, 2, 3].map(() => startRun(fixture, { workflow: 'bring-up-cluster' }, 'key-1')),
    );
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [202, 202, 202],
    );
    assert.equal(new Set(answers.map((answer) => answer.json<Run>().runId)).size, 1);
    const other = await startRun(fixture, { workflow: 'verify-cluster' }, 'key-1');
    assert.equal(other.json<Problem>().code, 'idempotency-key-reused');
    const otherPlan = { workflow: 'bring-up-cluster', planHash: '0'.repeat(64) };
    assert.equal((await startRun(fixture, otherPlan, 'key-1')).json<Problem>().code, 'idempotency-key-reused');
  });

  test('of another plan than the one that was read is refused', async () => {
    const fixture = await createLabApi();
    const refused = await startRun(fixture, { workflow: 'bring-up-cluster', planHash: '0'.repeat(64) });
    assert.deepEqual([refused.statusCode, refused.json<Problem>().code], [409, 'plan-changed']);
    const { hash } = (await plan(fixture)).json<{ hash: string }>();
    assert.equal((await startRun(fixture, { workflow: 'bring-up-cluster', planHash: hash })).statusCode, 202);
  });

  test('while another is under way is refused, as is deleting its cluster, until it is cancelled', async () => {
    const held = gate();
    const fixture = await createLabApi({
      behave: ({ call, request }) =>
        call.name === 'install-packages' && request.mode === 'run' ? held.wait() : undefined,
    });
    const { runId } = (await startRun(fixture)).json<Run>();
    assert.equal((await startRun(fixture)).json<Problem>().code, 'run-under-way');
    const headers = { authorization: fixture.authorization };
    const deletion = await fixture.api.inject({ method: 'DELETE', url: '/api/v1/clusters/lab', headers });
    assert.equal(deletion.json<Problem>().code, 'run-under-way');
    const cancelled = await fixture.api.inject({ method: 'POST', url: `/api/v1/runs/${runId}/cancel`, headers });
    assert.equal(cancelled.statusCode, 202);
    const events = parseEvents((await get(fixture, `/runs/${runId}/events`)).body);
    held.open();
    assert.equal(events.at(-1)?.data.run?.state, 'cancelled');
  });
});

suite('a dry run', () => {
  test('shows each step with what it would change, and changes nothing', async () => {
    const fixture = await createLabApi();
    const answer = await plan(fixture);
    assert.equal(answer.statusCode, 200, answer.body);
    const { steps, findings, unavailable } = answer.json<{
      steps: { changes: object[] }[];
      findings: object[];
      unavailable: object[];
    }>();
    assert.ok(steps.length > 20 && steps.every(({ changes }) => changes.length > 0));
    assert.deepEqual(unavailable, []);
    assert.ok(findings.length > 0);
    assert.ok(
      fixture.agents.sent.every(({ request }) => request.mode === 'inspect' || request.call.name === 'gather-facts'),
    );
  });

  test('of the reference case reports its advertise address before any machine is there', async () => {
    const fixture = await createApiFixture({ names: [] });
    after(() => fixture.close());
    const headers = { authorization: fixture.authorization, 'content-type': 'application/yaml' };
    const payload = await exampleText('three-vms');
    const answer = await fixture.api.inject({ method: 'POST', url: '/api/v1/plan', headers, payload });
    const { findings, unavailable, steps } = answer.json<{
      findings: { check: string; node: string }[];
      unavailable: object[];
      steps: object[];
    }>();
    assert.deepEqual(
      findings.map(({ check, node }) => [check, node]),
      [['advertise-address', 'k8s-master']],
    );
    assert.deepEqual([unavailable.length, steps.length], [3, 0]);
  });
});
