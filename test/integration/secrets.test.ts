import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { openWorld } from '@drover/agent/testing';
import { bootstrapTokens, enrollmentSecret, type KnownSecrets, secretTraces } from './secret-traces.ts';
import { exampleCluster, exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

const [controlPlane, worker] = exampleMachines;

suite('tokens of a bring-up', () => {
  let lab: SimulatedLab;
  let file: string;
  let enrollmentSecrets: readonly string[];

  before(async () => {
    lab = await startSimulatedLab();
    // The worker looks for the cluster where none is: its first join fails, although it is told that the node is there.
    const obstacle = { to: controlPlane.address, answeredBy: controlPlane.name };
    openWorld(join(lab.directory, 'elsewhere')).changeNetwork((network) => ({ ...network, obstacles: [obstacle] }));
    const machines = [controlPlane, { ...worker, world: '../elsewhere' }];
    const tokens = await Promise.all(machines.map((machine) => lab.addNode(machine)));
    enrollmentSecrets = tokens.map(({ token }) => enrollmentSecret(token));
    file = await lab.clusterFile(await exampleCluster('simulated', ({ nodes }) => nodes.splice(2)));
  });
  after(() => lab.dispose());

  const known = (): KnownSecrets => ({ bootstrapTokens: bootstrapTokens(lab), enrollmentSecrets });

  test('are nowhere after a join that failed, and was tried again', async () => {
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 5, stderr.slice(-1_000));
    assert.match(stderr, /join-workers: worker-1: join-node failed/);
    const secrets = known();
    assert.equal(secrets.bootstrapTokens.length, 1);
    assert.deepEqual(await secretTraces(lab, secrets), []);
    assert.ok(!stderr.includes(secrets.bootstrapTokens[0] ?? ''));
  });

  test('are nowhere after one that succeeded', async () => {
    await lab.changeMachine(worker);
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 0, stderr.slice(-1_000));
    assert.equal(Object.keys(lab.world.cluster()?.nodes ?? {}).length, 2);
    assert.deepEqual(await secretTraces(lab, known()), []);
  });

  test('would be found where they do not belong, in any form', async () => {
    const {
      bootstrapTokens: [token = ''],
    } = known();
    const [enrollment = ''] = enrollmentSecrets;
    const places = {
      'coordinator/spilt': `{"token":"${token}"}`,
      'worker-1/agent/operations/spilt': Buffer.from(`a token: ${token}, and more`).toString('base64'),
      'worker-1/spilt.log': Buffer.from(`it is ${enrollment} here`).toString('base64'),
      'worker-1/run/spilt': Buffer.from(`it is ${enrollment}`).toString('hex'),
    };
    for (const [place, text] of Object.entries(places)) await writeFile(join(lab.directory, place), text);
    assert.deepEqual(await secretTraces(lab, known()), Object.keys(places).toSorted());
    for (const place of Object.keys(places)) await rm(join(lab.directory, place));
  });
});
