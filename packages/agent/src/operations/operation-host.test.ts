import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { createFakeHost } from '../testing/fake-host.ts';
import { createOperationHost } from './operation-host.ts';

function setUp() {
  const clock = new ManualClock();
  const controller = new AbortController();
  const fake = createFakeHost({
    programs: {
      wait: async ({ args, signal }) => {
        await clock.sleep(Number(args[0]), signal);
        return '';
      },
    },
  });
  const { host, clock: operationClock, commandMs } = createOperationHost(fake, { clock, signal: controller.signal });
  const wait = (durationMs: number) => host.run({ argv: ['wait', String(durationMs)], timeoutMs: 60_000 });
  const pause = (durationMs: number) => operationClock.sleep(durationMs, controller.signal);
  return { clock, operationClock, controller, wait, pause, commandMs };
}

test('an action that pauses waits for its machine: the pause counts, once with a command beside it', async () => {
  const { clock, wait, pause, commandMs } = setUp();
  const together = [wait(100), pause(300)];
  await clock.advance(300);
  await Promise.all(together);
  assert.equal(commandMs(), 300);
});

test('commands side by side count once, and time without one does not count', async () => {
  const { clock, wait, commandMs } = setUp();
  const together = [wait(100), wait(300)];
  await clock.advance(300);
  await Promise.all(together);
  await clock.advance(5000);
  const alone = wait(50);
  await clock.advance(50);
  await alone;
  assert.equal(commandMs(), 350);
});

test('a command that still runs counts up to now', async () => {
  const { clock, wait, commandMs } = setUp();
  const running = wait(100);
  await clock.advance(40);
  assert.equal(commandMs(), 40);
  await clock.advance(60);
  await running;
});

test('setting the machine’s clock ends no wait of an action, and is no time that a command took', async () => {
  const { clock, operationClock, wait, commandMs } = setUp();
  const beganAt = operationClock.now();
  const running = wait(100);
  clock.set(3_600_000);
  await clock.advance(100);
  await running;
  assert.deepEqual([operationClock.now() - beganAt, commandMs()], [100, 100]);
  assert.equal(clock.now() - beganAt, 3_600_100);
});

test('a command is ended when the operation is', async () => {
  const { controller, wait } = setUp();
  const running = wait(100);
  controller.abort(new Error('cancelled'));
  await assert.rejects(running, { message: 'cancelled' });
});
