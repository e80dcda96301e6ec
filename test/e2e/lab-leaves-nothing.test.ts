import assert from 'node:assert/strict';
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { down, labFromEnvironment, readState } from '@drover/lab';
import { execa } from 'execa';
import { compareSnapshots, snapshotMachine } from './lab-machine-snapshot.ts';

const names = {
  DROVER_LAB_NAME: 'tracelab',
  DROVER_LAB_SUBNET: '10.216.0',
  DROVER_LAB_DIR: '/var/lib/drover-lab/tracelab',
};
const lab = labFromEnvironment({ ...process.env, ...names });
const main = join(import.meta.dirname, '../../deploy/lab/src/main.ts');
const log = join(tmpdir(), 'drover-tracelab.log');

before(async () => {
  await down(lab);
  // The caches and this machine's packages are there before the first comparison.
  await startLab({}).finished;
  await down(lab);
});
after(() => down(lab));

test('a lab that was up and is taken down leaves the machine as it was', async () => {
  const snapshot = await snapshotMachine(lab.name);
  const { exitCode } = await startLab({}).finished;
  assert.equal(exitCode, 0);
  const whileUp = await changesSince(snapshot);
  for (const kind of ['process', 'namespace', 'group', 'folder', 'link', 'route']) {
    assert.ok(
      whileUp.some((line) => line.startsWith(`+ ${kind}`)),
      `the comparison must be able to see a ${kind}`,
    );
  }
  await down(lab);
  assert.deepEqual(await changesSince(snapshot), []);
});

test('down is fine when there is nothing to take down', async () => {
  const snapshot = await snapshotMachine(lab.name);
  await down(lab);
  assert.deepEqual(await changesSince(snapshot), []);
});

/** Moments of `up`, each recognised by what it has just made. */
const moments: Readonly<Record<string, () => boolean>> = {
  'its intent is recorded': () => existsSync(join(lab.directory, 'state.json')),
  'the switch has a namespace': () => existsSync(`/run/netns/${lab.name}-switch`),
  'the mirrors start': () => existsSync(join(lab.directory, 'mirrors/registry.pid')),
  'a host has its network': () => existsSync(`/run/netns/${lab.name}-worker-2`),
  'a host runs systemd': () => globSync(join(lab.directory, 'hosts/*/run/pid')).length > 0,
};

for (const [moment, hasCome] of Object.entries(moments)) {
  test(`up killed by -9 when ${moment}, then down, leaves the machine as it was`, async () => {
    const snapshot = await snapshotMachine(lab.name);
    await killUpWhen(hasCome, {});
    await down(lab);
    assert.deepEqual(await changesSince(snapshot), []);
  });
}

test('up killed by -9 goes on when it is called again', async () => {
  await killUpWhen(() => globSync(join(lab.directory, 'hosts/*/run/pid')).length > 0, {});
  const { exitCode } = await startLab({}).finished;
  assert.equal(exitCode, 0);
  assert.equal((await readState(lab)).hosts.length, 3);
  await down(lab);
});

test('a build that is killed by -9 ends, and what it had made so far never counts', async (t) => {
  const cache = mkdtempSync(join(tmpdir(), 'drover-cache-'));
  t.after(() => rmSync(cache, { recursive: true, force: true }));
  const snapshot = await snapshotMachine(lab.name);
  await killUpWhen(() => globSync(join(cache, 'rootfs-*.unfinished/usr')).length > 0, { DROVER_CACHE: cache });
  await down(lab);
  for (let tries = 0; tries < 100 && (await changesSince(snapshot)).length > 0; tries += 1) {
    await delay(50); // The kernel ends the build's processes, in its own time.
  }
  assert.deepEqual(await changesSince(snapshot), []);
  assert.deepEqual(
    globSync(join(cache, 'rootfs-*')).filter((path) => !path.endsWith('.unfinished')),
    [],
  );
});

async function changesSince(snapshot: ReadonlySet<string>): Promise<readonly string[]> {
  return compareSnapshots(snapshot, await snapshotMachine(lab.name), lab.name);
}

function startLab(environment: Readonly<Record<string, string>>) {
  writeFileSync(log, '');
  const options = { env: { ...names, ...environment }, reject: false, timeout: 1_800_000, all: true } as const;
  const child = execa(process.execPath, [main, 'up'], {
    ...options,
    stdin: 'ignore',
    stdout: { file: log, append: true },
    stderr: { file: log, append: true },
  });
  return { kill: () => child.kill('SIGKILL'), finished: child };
}

async function killUpWhen(hasCome: () => boolean, environment: Readonly<Record<string, string>>): Promise<void> {
  const { kill, finished } = startLab(environment);
  const deadline = performance.now() + 300_000;
  while (!hasCome()) {
    assert.ok(performance.now() < deadline, `the moment never came; see ${log}`);
    await delay(1);
  }
  kill();
  const { signal } = await finished;
  assert.equal(signal, 'SIGKILL', `up must not have ended by itself; see ${log}`);
}
