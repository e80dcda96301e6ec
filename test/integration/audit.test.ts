import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { enrollmentSecret } from './secret-traces.ts';
import { type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

/** Of an audit record, what is looked at here. */
interface AuditRecord {
  readonly event: string;
  readonly operation: string;
  readonly target: Readonly<Record<string, string>>;
}

/** How often the coordinator is killed. */
const deaths = 2;

suite('the audit trail of a coordinator that is killed again and again', () => {
  let lab: SimulatedLab;
  const made: string[] = [];

  before(async () => {
    lab = await startSimulatedLab();
    for (let death = 0; death < deaths; death += 1) {
      let isDying = false;
      // One call after another until one fails, which the kill is in the middle of.
      const calling = (async () => {
        for (let count = 0; !isDying || count === 0; count += 1) {
          const { exitCode, stdout } = await lab.drover('token', 'create', `worker-${death}-${count}`);
          if (exitCode === 0) made.push(stdout.trim());
        }
      })();
      while (made.length < 2 * (death + 1)) await new Promise((resolve) => setImmediate(resolve));
      isDying = true;
      await lab.coordinator.stop('SIGKILL');
      await calling;
      lab.coordinator.start();
      await lab.coordinator.untilLogged(/coordinator is ready/);
    }
  });
  after(() => lab.dispose());

  test('is one chain that verifies, also from an export without a coordinator', async () => {
    const verified = await lab.drover('audit', 'verify');
    assert.equal(verified.exitCode, 0, verified.stdout);
    const [, head = ''] = /^head (\S+)$/m.exec(verified.stdout) ?? [];
    const path = join(lab.directory, 'audit.jsonl');
    const { stdout } = await lab.drover('audit', 'export');
    await writeFile(path, stdout);
    assert.equal((await lab.drover('audit', 'verify', '--file', path, '--head', head)).exitCode, 0);
    await writeFile(path, stdout.replace('createToken', 'deleteToken'));
    assert.equal((await lab.drover('audit', 'verify', '--file', path)).exitCode, 7);
  });

  test('has every call that was answered, and holds none of what was handed out', async () => {
    const records = await lab.json<readonly AuditRecord[]>('audit', 'list', '--after', '0');
    const ended = records.filter(({ event, operation }) => event === 'ended' && operation === 'createToken');
    const tokenIds = new Set(ended.map(({ target }) => target['tokenId']));
    for (const token of made) assert.ok(tokenIds.has(token.split('.')[1]), 'an answered call has its end on record');
    const text = JSON.stringify(records);
    for (const token of made) assert.ok(!text.includes(enrollmentSecret(token)));
  });
});
