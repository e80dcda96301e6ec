import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type SupervisorUnderTest, testSupervisor } from '../testing/supervisor-conformance.ts';
import { openDetachedSupervisor } from './detached-supervisor.ts';

let root = '';
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'drover-processes-'));
});
after(() => rm(root, { recursive: true }));

async function open(): Promise<SupervisorUnderTest & { readonly directory: string }> {
  const directory = await mkdtemp(join(root, 'place-'));
  const pidOf = async (name: string) => {
    const { pid } = JSON.parse(await readFile(join(directory, `${name}.json`), 'utf8')) as { readonly pid: number };
    return pid;
  };
  return {
    directory,
    supervisor: await openDetachedSupervisor({ directory }),
    again: () => openDetachedSupervisor({ directory }),
    // How often it looks makes the command line one of its own.
    lasting: ['tail', '-f', '-s', String(60 + Math.random()), '/dev/null'],
    // So does the name of the shell, which it does not look at.
    ending: (status) => ['/bin/sh', '-c', `exit ${status}`, randomUUID()],
    kill: async (name) => void process.kill(await pidOf(name), 'SIGKILL'),
    until: async (condition) => {
      for (const deadline = Date.now() + 10_000; !(await condition()); await delay(5))
        assert.ok(Date.now() < deadline, 'it takes too long');
    },
  };
}

testSupervisor('detached', open);

test('another process with the id of one that has ended is not taken for it', async () => {
  const { directory, supervisor } = await open();
  const note = { argv: ['/bin/sh', randomUUID()], pid: process.pid };
  await writeFile(join(directory, 'drover-op-1.json'), JSON.stringify(note));
  assert.deepEqual(await supervisor.state('drover-op-1'), { exited: 'its process is gone' });
});

test('a process whose id was never written down is found by its command line', async () => {
  const { directory, supervisor, kill, lasting } = await open();
  await supervisor.start('drover-op-1', lasting);
  const path = join(directory, 'drover-op-1.json');
  const note = JSON.parse(await readFile(path, 'utf8')) as { pid?: number };
  const { pid } = note;
  assert.ok(pid !== undefined);
  await writeFile(path, JSON.stringify({ argv: lasting }));
  assert.equal(await supervisor.state('drover-op-1'), 'running');
  await writeFile(path, JSON.stringify(note));
  await kill('drover-op-1');
});

test('a process that dies young is quoted', async () => {
  const { supervisor, until } = await open();
  await supervisor.start('drover-op-1', ['/bin/sh', '-c', 'echo "no such module" >&2; exit 1', randomUUID()]);
  await until(async () => {
    const state = await supervisor.state('drover-op-1');
    return typeof state === 'object' && state.exited === 'it ended with status 1: no such module';
  });
});
