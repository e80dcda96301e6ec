import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover } = fixture;
after(() => fixture.close());
beforeEach(() => {
  asked.length = 0;
});

const finding = {
  ...{ cluster: 'lab', node: 'worker-1', check: 'swap', rule: 'on', severity: 'warning', message: 'swap is on: /swap' },
  ...{ evidence: [], remedy: 'nothing', fixedBy: 'disable-swap', policy: 'report' },
  ...{ since: '2026-01-01T00:50:00Z', lastSeenAt: '2026-01-01T00:50:00Z' },
};

test('findings of all clusters are listed with their age, and what can be done about them', async () => {
  answers['GET /clusters'] = { body: { items: [{ name: 'lab' }] } };
  answers['GET /clusters/lab/findings'] = { body: { items: [finding] } };
  const { exitCode, stdout, stderr } = await drover(['drift']);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^worker-1 +swap +warning +10 min +reported +swap is on: \/swap$/m);
  assert.match(stderr, /swap: `drover apply` of lab mends it/);
});

test('why something is not repaired is said, and what is being repaired needs nobody', async () => {
  const repaired = { ...finding, policy: 'repair' };
  const undone = { ...repaired, node: 'worker-2', unrepaired: 'somebody keeps undoing it' };
  answers['GET /clusters/lab/findings?node=worker-1&state=all'] = { body: { items: [repaired, undone] } };
  const { stdout, stderr } = await drover(['drift', 'lab', '--node', 'worker-1', '--all']);
  assert.match(stdout, /^worker-1 .* repair .*$/m);
  assert.match(stdout, /^worker-2 .* reported .*$/m);
  assert.equal(stderr, 'swap: not repaired: somebody keeps undoing it\n');
});

test('what is over is said to be', async () => {
  const over = { ...finding, resolvedAt: '2026-01-01T00:55:00Z' };
  answers['GET /clusters/lab/findings?state=all'] = { body: { items: [over] } };
  const { stdout, stderr } = await drover(['drift', 'lab', '--all']);
  assert.match(stdout, /^worker-1 .* over .*$/m);
  assert.equal(stderr, '');
});
