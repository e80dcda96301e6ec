import assert from 'node:assert/strict';
import { after, beforeEach, suite, test } from 'node:test';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, drover } = fixture;
after(() => fixture.close());

const node = { nodeId: 'i', incarnation: 1, enrolled: true, connected: true, createdAt: '', clusters: [] };
const problem = {
  code: 'store-full',
  title: 'The disk is full',
  tried: 'be ready',
  reason: 'it has been so since 2026-01-01T00:00:00.000Z',
  remedy: 'Free space.',
  retryable: true,
  evidence: [],
  faults: [],
};
const run = { runId: 'r-1', cluster: 'lab', workflow: 'w', createdAt: '2026-01-01T00:50:00Z' };

beforeEach(() => {
  answers['GET /health'] = { body: { status: 'ok', version: '1.2.3' } };
  answers['GET /coordinator'] = { body: { epoch: 4 } };
  answers['GET /ready'] = { body: { status: 'ready' } };
  answers['GET /runs'] = { body: { items: [] } };
  answers['GET /nodes'] = { body: { items: [{ ...node, name: 'a' }] } };
  answers['GET /claims'] = { body: { items: [] } };
});

suite('drover status', () => {
  test('of a coordinator that is well is two lines', async () => {
    const { exitCode, stdout } = await drover(['status']);
    assert.deepEqual(
      [exitCode, stdout],
      [0, 'coordinator  version 1.2.3, epoch 4, ready\nnodes        1 of 1 connected\n'],
    );
  });

  test('names the nodes that are away, but none that is only awaited, and how runs go on', async () => {
    const awaited = { ...node, name: 'c', enrolled: false, connected: false };
    answers['GET /nodes'] = {
      body: { items: [{ ...node, name: 'a' }, { ...node, name: 'b', connected: false }, awaited] },
    };
    answers['GET /runs'] = { body: { items: [{ ...run, state: 'paused' }] } };
    const { stdout } = await drover(['status']);
    assert.deepEqual(stdout.split('\n').slice(1), [
      'nodes        1 of 2 connected; away: b',
      'run          the last run of lab is paused; to go on:',
      '  drover runs resume r-1',
      '',
    ]);
  });

  test('says on what a node waits that is coming back, and how one goes on that cannot', async () => {
    const rejoin = { cause: 'reimage', at: '2026-01-01T00:50:00.000Z' };
    const waiting = { on: 'the end of run r', since: '2026-01-01T00:51:00.000Z', until: '2026-01-01T01:51:00.000Z' };
    const items = [
      { ...node, name: 'a', rejoin: { ...rejoin, state: 'due', waiting } },
      { ...node, name: 'b', rejoin: { ...rejoin, state: 'blocked', problem } },
      { ...node, name: 'c', rejoin: { ...rejoin, state: 'done' } },
    ];
    answers['GET /nodes'] = { body: { items } };
    const expected = [
      'a comes back (reimage): waits for the end of run r since 00:51:00, until 01:51:00',
      `b does not come back (reimage): ${problem.reason} (store-full)`,
      '  drover nodes retry b',
      '',
    ];
    const { stdout } = await drover(['status']);
    const shown = expected.map((line) => (/^[ab] /.test(line) ? `rejoin       ${line}` : line));
    assert.deepEqual(stdout.split('\n').slice(2), shown);
    assert.deepEqual((await drover(['get', 'nodes'])).stderr.split('\n'), expected);
    assert.match((await drover(['get', 'nodes', '-o', 'wide'])).stdout, /^c .* done 2026-01-01 00:50:00 /m);
  });

  test('of one that is not ready says why and what to do, and fails', async () => {
    answers['GET /ready'] = { status: 503, body: problem };
    const { exitCode, stdout } = await drover(['status']);
    assert.equal(exitCode, 4);
    assert.match(stdout, /^coordinator {2}version 1\.2\.3, epoch 4, not ready\n/);
    assert.match(stdout, /The disk is full \(store-full\)\n.*\n.*since 2026.*\n {2}do: +Free space\.\n$/);
    const document = JSON.parse((await drover(['status', '-o', 'json'])).stdout) as Record<string, unknown>;
    assert.deepEqual([document['ready'], (document['problem'] as { code: string }).code], [false, 'store-full']);
  });

  test('of one that is superseded says which node showed what, as no stranger is told', async () => {
    const superseded = { ...problem, code: 'coordinator-superseded', reason: 'node n has obeyed epoch 7' };
    answers['GET /coordinator'] = { body: { epoch: 4, superseded: { problem: superseded } } };
    answers['GET /ready'] = { status: 503, body: problem };
    const { exitCode, stdout } = await drover(['status']);
    assert.equal(exitCode, 4);
    assert.match(stdout, /\(coordinator-superseded\)\n[^]*because: node n has obeyed epoch 7/);
  });
});

test('drover coordinator confirm sends the epoch and says what it comes to', async () => {
  answers['POST /coordinator/confirm'] = { body: { epoch: 8 } };
  const { exitCode, stderr } = await drover(['coordinator', 'confirm', '--epoch', '7']);
  assert.equal(exitCode, 0);
  assert.match(stderr, /in charge, in epoch 8\n.* within a minute,/);
  assert.equal(fixture.asked.at(-1), 'POST /coordinator/confirm {"epoch":7}');
  assert.equal((await drover(['coordinator', 'confirm', '--epoch', 'all'])).exitCode, 2);
});
