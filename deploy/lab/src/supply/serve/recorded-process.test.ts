import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { startRecorded } from './recorded-process.ts';

test('a process records its own pid, joins its group and becomes the program', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-recorded-'));
  const pid = await startRecorded({
    name: 'sleeper',
    argv: ['/usr/bin/sleep', '60'],
    stateDirectory: folder,
    cgroup: folder,
  });
  t.after(() => {
    process.kill(pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const program = () => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  // The kernel shows the program's arguments a moment after the program itself.
  await until(() => program().startsWith('/usr/bin/sleep'));
  assert.ok(readlinkSync(`/proc/${pid}/exe`).endsWith('/sleep'));
  assert.equal(readFileSync(join(folder, 'sleeper.pid'), 'utf8'), `${pid}\n`);
  assert.equal(readFileSync(join(folder, 'cgroup.procs'), 'utf8'), `${pid}`);
  assert.equal(program(), '/usr/bin/sleep\0' + '60\0');
});

async function until(condition: () => boolean): Promise<void> {
  const deadlineAt = performance.now() + 10_000;
  while (!condition()) {
    assert.ok(performance.now() < deadlineAt, 'the process did not become the program in 10 s');
    await delay(10);
  }
}
