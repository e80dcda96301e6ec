import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cliErrors } from '../errors.ts';
import { type CoordinatorWait, createPatience } from './patience.ts';

const refused = cliErrors.create('coordinator-unreachable', { tried: 'GET /runs', reason: 'connect ECONNREFUSED' });

/** Patience of ten seconds from the epoch on, whose time passes only where it sleeps. */
function startPatience() {
  const slept: number[] = [];
  const waits: (CoordinatorWait | undefined)[] = [];
  const interrupted = new AbortController();
  let nowMs = 0;
  const patience = createPatience({
    timeoutMs: 10_000,
    now: () => nowMs,
    sleep: async (ms) => {
      slept.push(ms);
      nowMs += ms;
    },
    signal: interrupted.signal,
    onWait: (wait) => waits.push(wait),
  });
  return { patience, slept, waits, interrupted };
}

test('tries come ever more rarely, the last one when the time is over, which throws what went wrong', async () => {
  const { patience, slept } = startPatience();
  for (let tries = 0; tries < 6; tries += 1) await patience.afterFailure(refused);
  await assert.rejects(patience.afterFailure(refused), refused);
  assert.deepEqual(slept, [250, 500, 1_000, 2_000, 4_000, 2_250]);
});

test('one failure is not worth a word; a second one is, with its times, and so is the end of the wait', async () => {
  const { patience, waits } = startPatience();
  await patience.afterFailure(refused);
  patience.answered();
  assert.deepEqual(waits, []);
  for (let tries = 0; tries < 3; tries += 1) await patience.afterFailure(refused);
  patience.answered();
  assert.deepEqual(waits, [{ reason: 'connect ECONNREFUSED', sinceAt: 250, untilAt: 10_250 }, undefined]);
});

test('a coordinator that answers begins a new time', async () => {
  const { patience } = startPatience();
  for (let tries = 0; tries < 6; tries += 1) await patience.afterFailure(refused);
  patience.answered();
  await patience.afterFailure(refused);
});

test('what no waiting mends is thrown at once', async () => {
  const { patience, slept } = startPatience();
  const fault = new Error('a fault');
  await assert.rejects(patience.afterFailure(fault), fault);
  assert.deepEqual(slept, []);
});

test('an interruption ends the wait', async () => {
  const { patience, interrupted } = startPatience();
  interrupted.abort(new Error('interrupted'));
  await assert.rejects(patience.afterFailure(refused), /interrupted/);
});
