import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { systemClock } from '@drover/core';
import { testHostCommands, testHostFiles } from '../../testing/host-conformance.ts';
import { prepareMachine } from '../../testing/prepare-machine.ts';
import { createMemoryStorage } from './memory-storage.ts';
import type { PlayedProgram } from './play-command.ts';
import { createSimulatedHost, makeMachine, playHost } from './simulated-host.ts';
import { createMemoryWorld } from './world/memory-world.ts';
import { defaultSupply } from './world/supply.ts';
import { openWorld } from './world/world.ts';

const folders: string[] = [];
after(async () => {
  for (const folder of folders) await rm(folder, { recursive: true });
});

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-simulated-'));
  folders.push(folder);
  return folder;
}

/** What the conformance suite has run. */
const posixPrograms: Readonly<Record<string, PlayedProgram>> = {
  true: { play: async () => 0 },
  false: { play: async () => 1 },
  echo: {
    play: async ({ args, print }) => {
      print(args.join(' '));
      return 0;
    },
  },
  cat: {
    play: async ({ input, write }) => {
      write(input);
      return 0;
    },
  },
  ls: {
    play: async ({ args, complain }) => {
      complain(`ls: cannot access '${args[0]}': No such file or directory`);
      return 2;
    },
  },
  sleep: {
    play: async ({ args, work }) => {
      await work(Number(args[0]) * 1000);
      return 0;
    },
  },
};

const makeHost = async () => createSimulatedHost({ directory: join(await makeFolder(), 'm'), programs: posixPrograms });
testHostFiles('simulated host', makeHost);
testHostCommands('simulated host', makeHost);

const makeHostInMemory = async () => {
  const settings = { hostname: 'bare', address: '10.213.0.11', pace: 1 };
  const parts = { storage: createMemoryStorage(), settings, world: createMemoryWorld(), randomBytes };
  await makeMachine(parts);
  return playHost({ ...parts, clock: systemClock, programs: posixPrograms });
};
testHostFiles('simulated host in memory', makeHostInMemory);
testHostCommands('simulated host in memory', makeHostInMemory);

const command = (...argv: [string, ...string[]]) => ({ argv, timeoutMs: 60_000 });

test('what is not played fails loudly', async () => {
  const host = await makeHost();
  await assert.rejects(host.run(command('mkfs', '/dev/sda')), { code: 'command-not-found' });
  await assert.rejects(host.run(command('systemctl', 'isolate', 'rescue')), { code: 'command-failed' });
  await assert.rejects(host.run(command('kubeadm', 'init')), { code: 'command-not-found' }, 'it is not installed');
});

test('a machine is itself again when its folder is opened again', async () => {
  const directory = join(await makeFolder(), 'm');
  const first = await createSimulatedHost({ directory, pace: 0 });
  const machineId = await first.readFile('/etc/machine-id');
  await prepareMachine(first);
  const second = await createSimulatedHost({ directory, pace: 0 });
  assert.equal(await second.readFile('/etc/machine-id'), machineId);
  assert.equal((await second.query(command('rpm', '-q', '--qf', '%{VERSION}\\n', 'kubelet'))).stdout, '1.20.2\n');
});

test('a version that no repository has, and a mirror that does not answer, fail as dnf fails', async () => {
  const folder = await makeFolder();
  const host = await createSimulatedHost({ directory: join(folder, 'm'), pace: 0 });
  await prepareMachine(host);
  const install = (spec: string) => host.run(command('dnf', '-y', 'install', spec));
  await assert.rejects(install('kubelet-1.99.0'), (error: { problem: { evidence: string[] } }) =>
    error.problem.evidence.includes('No match for argument: kubelet-1.99.0'),
  );
  openWorld(join(folder, 'world')).setSupply({ ...defaultSupply, unreachableHosts: ['mirror'] });
  await assert.rejects(install('kubelet-1.20.9'), (error: { problem: { evidence: string[] } }) =>
    /Cannot download repomd.xml/.test(error.problem.evidence.join('\n')),
  );
});

test('machines whose agents are processes of their own share a world without losing a change', async () => {
  const directory = await makeFolder();
  const script = `
    import { openWorld } from ${JSON.stringify(join(import.meta.dirname, 'world', 'world.ts'))};
    const world = openWorld(${JSON.stringify(directory)});
    for (let i = 0; i < 40; i++) world.change((cluster) => ({ cluster: { count: (cluster?.count ?? 0) + 1 } }));
  `;
  const children = [1, 2].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }),
  );
  const statuses = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
  assert.deepEqual(statuses, [0, 0]);
  assert.deepEqual(openWorld(directory).cluster(), { count: 80 });
});
