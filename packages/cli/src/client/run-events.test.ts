import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cliErrors } from '../errors.ts';
import type { Client } from './client.ts';
import { createPatience } from './patience.ts';
import { followRun } from './run-events.ts';

const run = (sequence: number, state: string) =>
  `id: ${sequence}\ndata: ${JSON.stringify({ sequence, at: '', type: 'run', run: { state } })}\n\n`;

/** A coordinator whose event stream breaks as told: each entry is one connection's bytes, an Error breaks it. */
function breakingClient(connections: readonly (readonly (string | Error)[])[]) {
  const asked: string[] = [];
  const client: Client = {
    json: () => Promise.reject(new Error('not used')),
    close: () => Promise.resolve(),
    stream: (call) => {
      asked.push(call.headers?.['last-event-id'] ?? '');
      const parts = connections[asked.length - 1] ?? [];
      return Promise.resolve(
        (async function* () {
          for (const part of parts) {
            if (part instanceof Error) throw part;
            yield Buffer.from(part);
          }
        })(),
      );
    },
  };
  return { client, asked };
}

const broken = cliErrors.create('coordinator-unreachable', { tried: 'read', reason: 'connection reset' });

async function collect(client: Client, onWait: (wait: unknown) => void = () => undefined): Promise<number[]> {
  const sequences: number[] = [];
  const { signal } = new AbortController();
  let nowMs = 0;
  const sleep = async (ms: number) => {
    nowMs += ms;
  };
  const options = { signal, patience: createPatience({ timeoutMs: 120_000, now: () => nowMs, sleep, signal, onWait }) };
  for await (const event of followRun(client, 'r', options)) sequences.push(event.sequence);
  return sequences;
}

test('a broken stream is taken up behind the last event, and each event is seen once', async () => {
  const { client, asked } = breakingClient([
    [run(1, 'running'), run(2, 'running').slice(0, 20), broken],
    [run(1, 'running'), run(2, 'running')],
    [run(3, 'succeeded')],
  ]);
  assert.deepEqual(await collect(client), [1, 2, 3]);
  assert.deepEqual(asked, ['0', '1', '2']);
});

test('a run that was opened again is followed over its first end, to the last', async () => {
  const { client, asked } = breakingClient([
    [run(1, 'running'), run(2, 'failed'), run(3, 'running'), run(4, 'blocked')],
  ]);
  assert.deepEqual(await collect(client), [1, 2, 3, 4]);
  assert.equal(asked.length, 1);
});

test('a paused run has not ended', async () => {
  const { client } = breakingClient([
    [run(1, 'running'), run(2, 'paused')],
    [run(3, 'running'), run(4, 'succeeded')],
  ]);
  assert.deepEqual(await collect(client), [1, 2, 3, 4]);
});

test('a coordinator that stays away is given up after its time, with the last failure', async () => {
  const { client, asked } = breakingClient(Array.from({ length: 80 }, () => [broken]));
  await assert.rejects(collect(client), { code: 'coordinator-unreachable', message: /connection reset/ });
  assert.ok(asked.length < 40, `${asked.length} tries`);
});

test('each wait has its own time: a heartbeat or an event ends it', async () => {
  const waits: unknown[] = [];
  const away = Array.from({ length: 20 }, () => [broken]);
  const alive = [': alive\n\n', broken];
  const { client } = breakingClient([[run(1, 'running'), broken], ...away, alive, ...away, [run(2, 'succeeded')]]);
  assert.deepEqual(await collect(client, (wait) => waits.push(wait)), [1, 2]);
  assert.deepEqual(
    waits.map((wait) => wait !== undefined),
    [true, false, true, false],
  );
});

test('what is not understood is not waited for', async () => {
  const { client, asked } = breakingClient([[new Error('a fault')]]);
  await assert.rejects(collect(client), /a fault/);
  assert.equal(asked.length, 1);
});

test('a coordinator that accepts and says nothing is given up too', { timeout: 5_000 }, async () => {
  const { client } = breakingClient([]);
  await assert.rejects(collect(client), /says nothing/);
});
