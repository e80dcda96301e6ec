import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createDaemon } from './daemon.ts';
import { type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

suite('an agent says why it cannot enrol, and what to do:', () => {
  let lab: SimulatedLab;
  let usedToken: string;
  before(async () => {
    lab = await startSimulatedLab();
    usedToken = await createToken('worker-1');
    await lab.addMachine({ name: 'worker-1', address: '10.213.0.12' }, usedToken);
    await lab.untilConnected('worker-1');
  });
  after(() => lab.dispose());

  const createToken = async (name: string): Promise<string> =>
    (await lab.drover('token', 'create', name)).stdout.trim();

  test('a token that was used before; the node that used it stays what it is', async () => {
    const { agent } = await lab.addMachine({ name: 'thief', address: '10.213.0.66' }, usedToken);
    await agent.untilLogged(/token-used.*Make a new token for this machine/);
    await agent.stop();
    const nodes = await lab.json<readonly { name: string; connected: boolean; incarnation: number }[]>('get', 'nodes');
    assert.deepEqual(
      nodes.map(({ name, connected, incarnation }) => [name, connected, incarnation]),
      [['worker-1', true, 1]],
    );
    assert.match(lab.coordinator.log(), /token-used/);
  });

  test('a token of another coordinator; with the right one it goes on by itself', async () => {
    const token = await createToken('worker-2');
    const [form, id, secret] = token.split('.');
    const otherCa = Buffer.alloc(32, 7).toString('base64url');
    const machine = await lab.addMachine(
      { name: 'worker-2', address: '10.213.0.13' },
      [form, id, secret, otherCa].join('.'),
    );
    await machine.agent.untilLogged(/ca-pin-mismatch.*Check the address of the coordinator/);
    await machine.giveToken(token);
    await lab.untilConnected('worker-2');
  });

  test('a token that was not copied whole', async () => {
    const token = await createToken('worker-3');
    const machine = await lab.addMachine({ name: 'worker-3', address: '10.213.0.14' }, token.slice(0, -3));
    await machine.agent.untilLogged(/token-malformed.*Copy the whole token again/);
    assert.ok(!machine.agent.log().includes(token.slice(10, -3)), 'not even a spoilt token is logged');
    await machine.agent.stop();
  });
});

suite('a second coordinator ends at once and says why:', () => {
  let lab: SimulatedLab;
  before(async () => {
    lab = await startSimulatedLab();
  });
  after(() => lab.dispose());

  const start = async (changes: Readonly<Record<string, unknown>>): Promise<string> => {
    const own = JSON.parse(await readFile(join(lab.directory, 'coordinator.yaml'), 'utf8')) as object;
    const configuration = join(lab.directory, 'second.yaml');
    await writeFile(configuration, JSON.stringify({ ...own, ...changes }));
    const log = join(lab.directory, 'second.log');
    const second = createDaemon({ package: 'coordinator', configuration, log });
    second.start();
    await second.ended();
    return second.log();
  };

  test('where the data directory is in use', async () => {
    const ports = { rest: '127.0.0.1:0', session: '127.0.0.1:0', enrollment: '127.0.0.1:0' };
    assert.match(await start({ listen: ports }), /data-directory-in-use.*a data directory of its own/);
  });

  test('where a port is in use', async () => {
    const said = await start({ dataDirectory: join(lab.directory, 'second') });
    assert.match(said, /port-in-use.*Stop what listens there/);
  });
});
