import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { silentLogger } from '@drover/core';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { serveStream } from './stream.ts';

test('a peer that takes nothing is let go of before what it is sent fills the memory', async () => {
  const call = new Duplex({ objectMode: true, read: () => undefined, write: () => undefined });
  call.on('error', () => undefined);
  let sent = 0;
  // Of a call, serving uses what every stream has.
  await serveStream(
    call as unknown as ServerDuplexStream<string, number>,
    silentLogger(),
    async ({ incoming, send }) => {
      for (; sent < 5_000; sent += 1) send(sent);
      await assert.rejects(incoming.next(), /broken off/);
    },
  );
  assert.equal(call.destroyed, true);
  assert.equal(call.writableLength, 1_000);
});

test('a peer that takes what it is sent may be sent any number of messages', async () => {
  let taken = 0;
  const call = new Duplex({
    objectMode: true,
    read: () => undefined,
    write: (_message, _encoding, done) => {
      taken += 1;
      done();
    },
  });
  await serveStream(call as unknown as ServerDuplexStream<string, number>, silentLogger(), async ({ send }) => {
    for (let count = 0; count < 5_000; count += 1) send(count);
  });
  assert.equal(taken, 5_000);
});
