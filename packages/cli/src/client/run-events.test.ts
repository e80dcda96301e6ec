import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Client } from './client.ts';
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

async function collect(client: Client): Promise<number[]> {
  const sequences: number[] = [];
  const options = { signal: new AbortController().signal, sleep: () => Promise.resolve() };
  for await (const event of followRun(client, 'r', options)) sequences.push(event.sequence);
  return sequences;
}

test('a broken stream is taken up behind the last event, and each event is seen once', async () => {
  const { client, asked } = breakingClient([
    [run(1, 'running'), run(2, 'running').slice(0, 20), new Error('reset')],
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

test('a coordinator that stays away is given up with its last failure', async () => {
  const { client } = breakingClient(Array.from({ length: 40 }, () => [new Error('connection refused')]));
  await assert.rejects(collect(client), /connection refused/);
});

test('a coordinator that accepts and says nothing is given up too', { timeout: 5_000 }, async () => {
  const { client } = breakingClient([]);
  await assert.rejects(collect(client), /says nothing/);
});
