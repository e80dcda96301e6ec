import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, test } from 'node:test';
import { createLinuxHost } from '../linux-host.ts';
import type { PeerPort } from '../peer-network.ts';

const { peers } = createLinuxHost();
const key = randomBytes(32);
const ending = new AbortController();
const { signal } = ending;
// An address that no other test uses, so that any port is free.
const address = `127.77.${1 + (process.pid % 250)}.9`;
const tcp: PeerPort = { protocol: 'tcp', port: 26443 };
const udp: PeerPort = { protocol: 'udp', port: 28472 };
after(() => ending.abort());

async function probe(port: PeerPort, withKey: Uint8Array = key) {
  const [found] = await peers.probe({ key: withKey, targets: [{ address, ...port }], signal });
  assert.ok(found);
  return found;
}

test('a listener answers who has its key, with the node’s name, and nobody once it is closed', async () => {
  const closing = new AbortController();
  const listeners = await peers.listen({
    key,
    nodeName: 'worker-1',
    address,
    ports: [tcp, udp],
    signal: closing.signal,
  });
  assert.deepEqual(
    listeners.map(({ state }) => state),
    ['open', 'open'],
  );
  for (const port of [tcp, udp]) {
    const found = await probe(port);
    assert.deepEqual([found.outcome, found.answeredBy], ['answered', 'worker-1']);
    assert.ok(found.latencyMs !== null && found.latencyMs < 1_000);
  }
  assert.equal((await probe(tcp, randomBytes(32))).outcome, 'other');
  closing.abort();
  assert.equal((await probe(tcp)).outcome, 'refused');
  assert.equal((await probe(udp)).outcome, 'refused');
});

test('a port that a service has is left to it, and is found to be somebody else’s', async (t) => {
  const service = createServer((socket) => socket.end('220 welcome\r\n')).listen(tcp.port, address);
  await once(service, 'listening');
  t.after(() => service.close());
  const [listener] = await peers.listen({ key, nodeName: 'worker-1', address, ports: [tcp], signal });
  assert.equal(listener?.state, 'taken');
  assert.equal((await probe(tcp)).outcome, 'other');
});

test('an address that the machine does not have is listened for on all of its own', async (t) => {
  const closing = new AbortController();
  t.after(() => closing.abort());
  const ports = [{ protocol: 'tcp', port: 26444 }] as const;
  const listening = { key, nodeName: 'worker-1', address: '192.0.2.1', ports, signal: closing.signal };
  assert.equal((await peers.listen(listening))[0]?.state, 'open');
  assert.equal((await probe(ports[0])).answeredBy, 'worker-1');
});

test('what is sent to a listener without the key is answered with nothing', async (t) => {
  const closing = new AbortController();
  t.after(() => closing.abort());
  await peers.listen({ key, nodeName: 'worker-1', address, ports: [udp], signal: closing.signal });
  const stranger = createSocket('udp4');
  t.after(() => stranger.close());
  let answers = 0;
  stranger.on('message', () => (answers += 1));
  stranger.send(Buffer.alloc(320, 'x'), udp.port, address);
  stranger.send(Buffer.alloc(0), udp.port, address);
  // What comes after it has been answered: so would they have been.
  assert.equal((await probe(udp)).outcome, 'answered');
  assert.equal(answers, 0);
});

test('a survey that is cancelled ends at once, with the reason', async () => {
  const cancelling = new AbortController();
  const deaf = createServer().listen(26445, address);
  await once(deaf, 'listening');
  const probing = peers.probe({ key, targets: [{ address, protocol: 'tcp', port: 26445 }], signal: cancelling.signal });
  cancelling.abort(new Error('it was cancelled'));
  await assert.rejects(probing, /it was cancelled/);
  deaf.close();
});
