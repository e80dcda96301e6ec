import assert from 'node:assert/strict';
import { after, beforeEach, suite, test } from 'node:test';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover } = fixture;
after(() => fixture.close());

const removedAt = '2026-01-01T00:55:00.000Z';

beforeEach(() => {
  asked.length = 0;
  const items = [
    { nodeId: 'n-1', name: 'worker-1', removedAt },
    { nodeId: 'n-2', name: 'worker-2', removedAt },
    { nodeId: 'n-3', name: 'worker-2', removedAt },
  ];
  answers['GET /removed-nodes'] = { body: { items } };
  for (const nodeId of ['n-1', 'n-3']) {
    answers[`POST /removed-nodes/${nodeId}/readmit`] = { body: {} };
    answers[`DELETE /removed-nodes/${nodeId}`] = { status: 204 };
  }
});

suite('removed nodes', () => {
  test('are listed with their identifiers', async () => {
    const { stdout } = await drover(['nodes', 'removed']);
    assert.match(stdout, /^worker-1 +5 min ago +n-1$/m);
  });

  for (const [command, call] of [
    ['readmit', 'POST /removed-nodes/n-1/readmit'],
    ['forget', 'DELETE /removed-nodes/n-1'],
  ] as const)
    test(`are found by name: ${command}`, async () => {
      assert.equal((await drover(['nodes', command, 'worker-1'])).exitCode, 0);
      assert.equal(asked.at(-1), call);
    });

  test('of which several had the name are told apart by identifier', async () => {
    const { exitCode, stderr } = await drover(['nodes', 'readmit', 'worker-2']);
    assert.equal(exitCode, 2);
    assert.match(stderr, /2 removed nodes had this name: n-2, n-3/);
    assert.deepEqual(asked, ['GET /removed-nodes']);
    assert.equal((await drover(['nodes', 'forget', 'n-3'])).exitCode, 0);
    assert.equal(asked.at(-1), 'DELETE /removed-nodes/n-3');
  });

  test('that are not there are refused by the coordinator, whatever characters are in the name', async () => {
    assert.equal((await drover(['nodes', 'forget', 'a/../b'])).exitCode, 4);
    assert.equal(asked.at(-1), 'DELETE /removed-nodes/a%2F..%2Fb');
  });
});

test('drover nodes remove starts the run and says how to watch it', async () => {
  answers['POST /nodes/worker-1/remove'] = {
    status: 202,
    body: { runId: 'r', cluster: 'lab', workflow: 'remove-node' },
  };
  const { exitCode, stdout, stderr } = await drover(['nodes', 'remove', 'worker-1', '--dead', '--no-wait']);
  assert.deepEqual([exitCode, stdout], [0, 'r\n']);
  assert.equal(stderr, 'run r started: worker-1 leaves lab\n');
  assert.deepEqual(asked, ['POST /nodes/worker-1/remove {"dead":true,"deleteUnmanagedPods":false}']);
});

test('drover nodes retry has a rejoin tried again', async () => {
  answers['POST /nodes/worker-1/rejoin/retry'] = { status: 202, body: {} };
  const { exitCode } = await drover(['nodes', 'retry', 'worker-1']);
  assert.deepEqual([exitCode, asked], [0, ['POST /nodes/worker-1/rejoin/retry']]);
});
