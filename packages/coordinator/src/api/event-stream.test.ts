import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '@drover/core';
import type { RunEvent, RunRecord } from '../engine/run-record.ts';
import { eventStream } from './event-stream.ts';

const run: RunRecord = {
  runId: 'run-1',
  workflow: 'bring-up-cluster',
  cluster: 'lab',
  planHash: 'hash',
  state: 'running',
  createdAt: '2026-01-01T00:00:00.000Z',
  deadlineAt: '2026-01-02T00:00:00.000Z',
  retries: { used: 0, limit: 10 },
};
const runEvent = (sequence: number, state: RunRecord['state']): RunEvent => ({
  sequence,
  at: run.createdAt,
  type: 'run',
  run: { ...run, state },
});

/** What the stream has said so far. */
function listen(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

test('a quiet stream shows that it lives, and says events as they come', async () => {
  const clock = new ManualClock();
  const second = Promise.withResolvers<RunEvent>();
  async function* events() {
    yield runEvent(1, 'running');
    yield await second.promise;
  }
  const stream = eventStream(events(), { clock, heartbeatMs: 1_000 });
  const said = listen(stream);
  await turn();
  assert.match(said(), /^retry: 1000\n\nid: 1\nevent: run\ndata: \{.*\}\n\n$/);
  await clock.advance(2_000);
  assert.equal(said().split(': alive\n\n').length - 1, 2);
  const ended = once(stream, 'close');
  second.resolve(runEvent(2, 'succeeded'));
  await ended;
  assert.match(said(), /id: 2\nevent: run\n.*"succeeded".*\n\n$/);
});

test('the stream ends at once when its source does, however quiet it was', async () => {
  const reader = new AbortController();
  async function* events() {
    yield runEvent(1, 'running');
    await once(reader.signal, 'abort');
  }
  const stream = eventStream(events(), { clock: new ManualClock() });
  listen(stream);
  await turn();
  const ended = once(stream, 'close');
  reader.abort();
  await ended;
});
