import assert from 'node:assert/strict';
import { after, beforeEach, suite, test } from 'node:test';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover } = fixture;
after(() => fixture.close());
beforeEach(() => {
  asked.length = 0;
});

const life = { createdAt: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-31T00:00:00.000Z' };
const token = { tokenId: 'f-1', state: 'issued', rules: [], atMost: 100, letIn: 0, ...life };

suite('drover fleet', () => {
  test('makes a token without rules, alone on standard output, and says that its machines wait', async () => {
    answers['POST /fleet-tokens'] = { status: 201, body: { ...token, token: 'drv1.x' } };
    const { stdout, stderr } = await drover(['fleet', 'create']);
    assert.equal(stdout, 'drv1.x\n');
    assert.match(stderr, /^fleet token f-1\n {2}each machine waits for a person, until 2026-01-31/);
    assert.deepEqual(asked, ['POST /fleet-tokens {"rules":[]}']);
  });

  test('makes one with rules, those about hardware first, and bounds', async () => {
    const rules = ['--hostname', 'worker-*', '--hardware', 'worker-7=a=b', '--hostname', 'db'];
    await drover(['fleet', 'create', ...rules, '--at-most', '3', '--ttl', '60']);
    const body = {
      rules: [{ node: 'worker-7', hardware: 'a=b' }, { hostname: 'worker-*' }, { hostname: 'db' }],
      ttlMs: 3_600_000,
      atMost: 3,
    };
    assert.deepEqual(asked, [`POST /fleet-tokens ${JSON.stringify(body)}`]);
  });

  for (const wrong of [
    ['--hardware', 'worker-7'],
    ['--hardware', '=id'],
    ['--at-most', '-1'],
  ])
    test(`refuses ${wrong.join(' ')} before anything is asked`, async () => {
      assert.equal((await drover(['fleet', 'create', ...wrong])).exitCode, 2);
      assert.deepEqual(asked, []);
    });

  test('lists what is known of them, and deletes one', async () => {
    const rules = [{ node: 'worker-7', hardware: 'a' }, { hostname: 'worker-*' }];
    answers['GET /fleet-tokens'] = {
      body: {
        items: [
          { ...token, rules, letIn: 2 },
          { ...token, state: 'expired' },
        ],
      },
    };
    answers['DELETE /fleet-tokens/f-1'] = { status: 204 };
    assert.deepEqual((await drover(['fleet', 'list'])).stdout.split('\n'), [
      'TOKEN   RULES                  STATE     LET IN     EXPIRES',
      'f-1     worker-7=a, worker-*   issued    2 of 100   2026-01-31T00:00:00.000Z',
      'f-1     -                      expired   0 of 100   2026-01-31T00:00:00.000Z',
      '',
    ]);
    assert.equal((await drover(['fleet', 'delete', 'f-1'])).stderr, 'fleet token f-1 is worthless\n');
  });
});
