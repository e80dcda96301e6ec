import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { createInstantClock } from '../../testing/action-context.ts';
import type { Command } from '../host.ts';
import type { MachineStorage } from './machine-storage.ts';
import { createMemoryStorage, type MemoryStorage } from './memory-storage.ts';
import { makeMachine, playHost } from './simulated-host.ts';
import { createMemoryWorld } from './world/memory-world.ts';

const settings = { hostname: 'worker-1', address: '10.213.0.12', pace: 0 };

/** A machine on which docker was installed, whose every change from the nth on does not happen. */
async function machineThatDies(afterWrites: number) {
  const storage = createMemoryStorage();
  await makeMachine({ storage, settings, randomBytes: (size) => Buffer.alloc(size) });
  await storage.files.writeFile('/usr/lib/systemd/system/docker.service', '', { mode: 0o644 });
  return { storage, run: (command: Command) => hostOver(mortal(storage, afterWrites)).run(command) };
}

function hostOver(storage: MachineStorage) {
  return playHost({ storage, settings, world: createMemoryWorld(), clock: createInstantClock(), randomBytes });
}

function mortal(storage: MemoryStorage, writes: number): MachineStorage {
  let left = writes;
  const living = async (write: () => Promise<void>): Promise<void> => {
    if (left === 0) throw new Error('killed');
    left -= 1;
    await write();
  };
  return {
    ...storage,
    writeState: (state) => living(() => storage.writeState(state)),
    files: {
      ...storage.files,
      writeFile: (...given) => living(() => storage.files.writeFile(...given)),
      removeFile: (path) => living(() => storage.files.removeFile(path)),
    },
  };
}

async function look(storage: MemoryStorage): Promise<unknown> {
  return { files: storage.contents(), state: await storage.readState() };
}

// A program of a real machine that has been killed can be run again: the kernel and process 1 have no half of a change.
suite('killed after any of its writes, a program that is run again leaves what it leaves undisturbed:', () => {
  for (const line of ['modprobe -a overlay br_netfilter', 'swapoff -a', 'systemctl start docker']) {
    test(line, async () => {
      const [program = '', ...args] = line.split(' ');
      const command: Command = { argv: [program, ...args], timeoutMs: 60_000 };
      const undisturbed = await machineThatDies(Number.POSITIVE_INFINITY);
      await undisturbed.run(command);
      for (let writes = 0; writes < 10; writes += 1) {
        const { storage, run } = await machineThatDies(writes);
        await run(command).catch(() => undefined);
        await hostOver(storage).run(command);
        assert.deepEqual(await look(storage), await look(undisturbed.storage), `killed after ${writes} writes`);
      }
    });
  }
});

test('the parameter by which br_netfilter is known to be in effect comes with the module’s others', async () => {
  const present = async (storage: MemoryStorage, name: string) =>
    (await storage.files.status(`/proc/sys/net/bridge/${name}`)) !== undefined;
  for (let writes = 0; writes < 10; writes += 1) {
    const { storage, run } = await machineThatDies(writes);
    await run({ argv: ['modprobe', '--', 'br_netfilter'], timeoutMs: 60_000 }).catch(() => undefined);
    if (await present(storage, 'bridge-nf-call-iptables'))
      assert.ok(await present(storage, 'bridge-nf-call-ip6tables'), `killed after ${writes} writes`);
  }
});
