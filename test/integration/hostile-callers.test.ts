import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { connect as connectTcp, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { startDrover } from './drover-client.ts';
import type { CoordinatorPorts } from './lab-coordinator.ts';
import { exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

const listeners = ['rest', 'session', 'enrollment'] as const satisfies readonly (keyof CoordinatorPorts)[];

/** What a port scanner, a lost browser, or somebody with worse intentions sends. */
const garbage: Readonly<Record<string, Buffer>> = {
  'nothing at all': Buffer.alloc(0),
  'random bytes': randomBytes(8_192),
  'plain HTTP': Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
  'a header without an end': Buffer.from(`GET / HTTP/1.1\r\nX: ${'a'.repeat(200_000)}`),
  'HTTP/2 that goes wrong': Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), randomBytes(4_096)]),
  'a frame that is too long': Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    Buffer.from('ffffff0000000000ff', 'hex'),
    randomBytes(64),
  ]),
};

suite('a coordinator that is sent garbage', () => {
  let lab: SimulatedLab;
  before(async () => {
    lab = await startSimulatedLab(exampleMachines.slice(0, 1));
  });
  after(() => lab.dispose());

  for (const listener of listeners) {
    test(`on its ${listener} port lives, and serves those who behave`, async () => {
      const port = lab.ports[listener];
      for (const bytes of Object.values(garbage)) {
        await send(connectTcp({ host: '127.0.0.1', port }), bytes);
        for (const protocol of ['h2', 'http/1.1']) {
          const tls = { host: '127.0.0.1', port, rejectUnauthorized: false, ALPNProtocols: [protocol] };
          await send(connectTls(tls), bytes);
        }
      }
      await assertServes(lab);
    });
  }

  test('as a token refuses it, says so, and keeps a record of it', async () => {
    const tokenFile = join(lab.directory, 'wrong-token');
    await writeFile(tokenFile, 'not-the-token\n');
    const right = JSON.parse(await readFile(lab.clientConfiguration, 'utf8')) as object;
    const configuration = join(lab.directory, 'wrong.yaml');
    await writeFile(configuration, JSON.stringify({ ...right, tokenFile }));
    const { exitCode, stdout, stderr } = await startDrover(configuration, ['get', 'nodes'], AbortSignal.timeout(10_000))
      .result;
    assert.equal(exitCode, 3);
    assert.equal(stdout, '');
    assert.match(stderr, /\(unauthenticated\)/);
    assert.match(lab.coordinator.log(), /"status":401/);
    assert.ok(!lab.coordinator.log().includes('not-the-token'));
    await assertServes(lab);
  });
});

/** Writes, and waits for the other side to close; gives up on it after a moment. Whatever is answered is not looked at. */
async function send(socket: Socket, bytes: Buffer): Promise<void> {
  const closed = Promise.withResolvers<void>();
  socket.on('error', () => undefined);
  socket.on('close', () => closed.resolve());
  socket.setTimeout(200, () => socket.destroy());
  socket.resume();
  socket.end(bytes);
  await closed.promise;
}

async function assertServes(lab: SimulatedLab): Promise<void> {
  assert.ok(lab.coordinator.isRunning);
  const nodes = await lab.json<readonly { name: string; connected: boolean }[]>('get', 'nodes');
  assert.deepEqual(
    nodes.map(({ name, connected }) => [name, connected]),
    [['control-plane-1', true]],
  );
  const facts = await lab.json<{ readonly fresh: boolean }>('facts', 'control-plane-1');
  assert.equal(facts.fresh, true, 'its agent answers over its session');
}
