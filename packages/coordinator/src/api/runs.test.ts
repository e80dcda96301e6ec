import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { generateKeyPair, open } from '@drover/core';
import type { OperationOutcome } from '../sessions/sessions.ts';
import { type ApiFixture, type ApiFixtureOptions, createApiFixture, fakeKubeconfig } from '../testing/api-fixture.ts';
import { exampleText } from '../testing/example-cluster.ts';

interface Problem {
  readonly code: string;
  readonly faults: readonly { readonly path: string; readonly message: string }[];
  readonly findings?: readonly { readonly check: string; readonly severity: string }[];
}

interface Run {
  readonly runId: string;
  readonly state: string;
}

/** A fixture with the lab's cluster stored, closed when the suite is over. */
async function setUp(options?: ApiFixtureOptions) {
  const fixture = await createApiFixture(options);
  after(() => fixture.close());
  const headers = { authorization: fixture.authorization, 'content-type': 'application/yaml' };
  const stored = await fixture.api.inject({
    method: 'PUT',
    url: '/api/v1/clusters/lab',
    headers,
    payload: await exampleText(),
  });
  assert.equal(stored.statusCode, 201, stored.body);
  return fixture;
}

async function start(fixture: ApiFixture, body: object = { workflow: 'bring-up-cluster' }, key?: string) {
  const headers = { authorization: fixture.authorization, ...(key === undefined ? {} : { 'idempotency-key': key }) };
  return fixture.api.inject({ method: 'POST', url: '/api/v1/clusters/lab/runs', headers, payload: body });
}

async function get(fixture: ApiFixture, path: string, headers: Record<string, string> = {}) {
  return fixture.api.inject({ url: `/api/v1${path}`, headers: { authorization: fixture.authorization, ...headers } });
}

async function plan(fixture: ApiFixture) {
  const headers = { authorization: fixture.authorization };
  return fixture.api.inject({ method: 'POST', url: '/api/v1/clusters/lab/plan', headers });
}

/** Ids and data of a stream of server-sent events. */
function parseEvents(body: string): readonly { id: number; type: string; data: { run?: Run } }[] {
  return body
    .split('\n\n')
    .filter((block) => block.startsWith('id: '))
    .map((block) => {
      const [, id = '', type = '', data = ''] = /^id: (\d+)\nevent: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      return { id: Number(id), type, data: JSON.parse(data) as { run?: Run } };
    });
}

/** An operation that ends when the test says so. */
function gate() {
  const opened = Promise.withResolvers<undefined>();
  return { wait: () => opened.promise, open: () => opened.resolve(undefined) };
}

suite('starting a run', () => {
  test('is accepted with its address; its events end with its end', async () => {
    const fixture = await setUp();
    const answer = await start(fixture);
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
    const fixture = await setUp({ names: ['control-plane-1', 'worker-1'] });
    fixture.agents.setConnected('worker-1', false);
    const answer = await start(fixture);
    assert.equal(answer.statusCode, 409);
    const { code, faults } = answer.json<Problem>();
    assert.equal(code, 'node-not-connected');
    assert.deepEqual(faults, [
      { path: 'spec.nodes[1]', message: 'worker-1 is not connected' },
      { path: 'spec.nodes[2]', message: 'worker-2 is not known: make a token for it and start its agent with it' },
    ]);
    assert.ok(fixture.agents.sent.every(({ request }) => request.call.name === 'gather-facts'));
  });

  test('is refused with the findings when preflight finds an error, and nothing is begun', async () => {
    const fixture = await setUp();
    const headers = { authorization: fixture.authorization, 'content-type': 'application/yaml' };
    const payload = (await exampleText()).replace('advertiseAddress: 10.213.0.11', 'advertiseAddress: 172.25.73.2');
    await fixture.api.inject({ method: 'PUT', url: '/api/v1/clusters/lab', headers, payload });
    const answer = await start(fixture);
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
    const fixture = await setUp();
    const answers = await Promise.all([1, 2, 3].map(() => start(fixture, { workflow: 'bring-up-cluster' }, 'key-1')));
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [202, 202, 202],
    );
    assert.equal(new Set(answers.map((answer) => answer.json<Run>().runId)).size, 1);
    const other = await start(fixture, { workflow: 'verify-cluster' }, 'key-1');
    assert.equal(other.json<Problem>().code, 'idempotency-key-reused');
  });

  test('of another plan than the one that was read is refused', async () => {
    const fixture = await setUp();
    const refused = await start(fixture, { workflow: 'bring-up-cluster', planHash: '0'.repeat(64) });
    assert.deepEqual([refused.statusCode, refused.json<Problem>().code], [409, 'plan-changed']);
    const { hash } = (await plan(fixture)).json<{ hash: string }>();
    assert.equal((await start(fixture, { workflow: 'bring-up-cluster', planHash: hash })).statusCode, 202);
  });

  test('while another is under way is refused, as is deleting its cluster, until it is cancelled', async () => {
    const held = gate();
    const fixture = await setUp({
      behave: ({ call, request }) =>
        call.name === 'install-packages' && request.mode === 'run' ? held.wait() : undefined,
    });
    const { runId } = (await start(fixture)).json<Run>();
    assert.equal((await start(fixture)).json<Problem>().code, 'run-under-way');
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
    const fixture = await setUp();
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

suite('the control plane', () => {
  test('seals a kubeconfig to the caller’s key', async () => {
    const fixture = await setUp();
    const { privateKey, publicKey } = generateKeyPair();
    const answer = await fixture.api.inject({
      method: 'POST',
      url: '/api/v1/clusters/lab/kubeconfig',
      headers: { authorization: fixture.authorization },
      payload: { recipientPublicKey: Buffer.from(publicKey).toString('base64') },
    });
    const sealed = Buffer.from(answer.json<{ sealed: string }>().sealed, 'base64');
    const kubeconfig = await open({ privateKey, info: 'drover/v1/mint-kubeconfig', sealed });
    assert.equal(kubeconfig.reveal(), fakeKubeconfig);
  });

  test('refuses what is no key before it asks the node', async () => {
    const fixture = await setUp();
    const answer = await fixture.api.inject({
      method: 'POST',
      url: '/api/v1/clusters/lab/kubeconfig',
      headers: { authorization: fixture.authorization },
      payload: { recipientPublicKey: 'AAAA' },
    });
    assert.equal(answer.statusCode, 400);
    assert.equal(fixture.agents.sent.length, 0);
  });

  test('gives the kubeconfig in the clear, of which nothing stays in the store', async () => {
    const fixture = await setUp();
    const answer = await get(fixture, '/clusters/lab/kubeconfig?server=https://10.0.0.1:6443');
    assert.equal(answer.body, fakeKubeconfig);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.doesNotMatch(JSON.stringify(await fixture.store.list('')), /fake credential/);
  });

  test('lists its nodes, and passes on why it cannot', async () => {
    const fixture = await setUp();
    assert.deepEqual((await get(fixture, '/clusters/lab/nodes')).json(), { nodes: [] });
    fixture.agents.setConnected('control-plane-1', false);
    assert.equal((await get(fixture, '/clusters/lab/nodes')).json<Problem>().code, 'node-not-connected');

    const problem = {
      code: 'command-failed',
      title: '',
      tried: '',
      reason: 'connection refused',
      remedy: 'wait',
      retryable: true,
      evidence: [],
      faults: [],
    };
    const failure: OperationOutcome = { kind: 'failure', problem, startedAt: 0, finishedAt: 0, commandMs: 0 };
    const broken = await setUp({ behave: ({ call }) => (call.name === 'list-cluster-nodes' ? failure : undefined) });
    const answer = await get(broken, '/clusters/lab/nodes');
    assert.deepEqual([answer.statusCode, answer.json<Problem>().code], [502, 'operation-failed']);
    assert.match(answer.body, /connection refused/);
  });
});
