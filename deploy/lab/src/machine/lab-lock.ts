import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { errorCode } from './error-code.ts';

/**
 * Runs `work` while no other process works on the same lab. The lock is a socket in Linux's abstract namespace: the
 * kernel lets one process have it and takes it back when that process ends, however it ends; no file is left.
 * Throws a LabError when another process keeps it for longer than `waitMs`.
 */
export async function withLabLock<Result>(lab: Lab, waitMs: number, work: () => Promise<Result>): Promise<Result> {
  const lock = await acquire(lab, waitMs);
  try {
    return await work();
  } finally {
    await new Promise((resolve) => lock.close(resolve));
  }
}

async function acquire(lab: Lab, waitMs: number): Promise<Server> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    const lock = await tryAcquire(lab);
    if (lock !== undefined) return lock;
    if (performance.now() > deadline) {
      throw new LabError(
        `another command is at work on the lab ${lab.name}`,
        'Wait for it to end, or end it with Ctrl-C.',
      );
    }
    await delay(50);
  }
}

function tryAcquire(lab: Lab): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => (errorCode(error) === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(`\0drover-lab/${lab.name}`, () => resolve(server));
  });
}
