import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parseUserData } from '@drover/lab';
import { parse } from 'yaml';
import {
  exampleCluster,
  exampleMachines,
  type LabMachine,
  type SimulatedLab,
  startSimulatedLab,
} from './simulated-lab.ts';
import { until } from './until.ts';

interface Claim {
  readonly claimId: string;
  readonly node?: string;
  readonly verdict: string;
  readonly state: string;
  readonly reason: string;
}

interface Node {
  readonly name: string;
  readonly incarnation: number;
  readonly connected: boolean;
}

const [, { name: worker }] = exampleMachines;

suite('people and machines that want to be nodes', () => {
  let lab: SimulatedLab;
  let machine: LabMachine;
  let credential = '';
  before(async () => {
    lab = await startSimulatedLab();
  });
  after(() => lab.dispose());

  const claimsOf = async (state: string) =>
    (await lab.json<readonly Claim[]>('get', 'claims')).filter((claim) => claim.state === state);
  const nodeOf = async (name: string) => await lab.json<Node>('get', 'nodes', name);
  /** A new disk: the agent has nothing but what its provisioner gives it. */
  const reimage = async () => {
    await machine.agent.stop();
    await rm(join(machine.directory, 'agent'), { recursive: true });
    await machine.giveToken(credential);
    machine.agent.start();
  };
  /** Not one that waits because nobody can tell yet whether the old disk is alive. */
  const untilPersonIsNeeded = async (): Promise<Claim> => {
    let found: Claim | undefined;
    await until(
      () => 'a claim that waits for a person',
      async () => {
        found = (await claimsOf('pending')).find(({ reason }) => reason.includes('a person has to approve'));
        return found !== undefined;
      },
    );
    assert.ok(found);
    return found;
  };
  const untilIncarnation = async (incarnation: number) =>
    await until(
      () => `incarnation ${incarnation} of ${worker}`,
      async () => {
        const node = await nodeOf(worker);
        return node.incarnation === incarnation && node.connected;
      },
    );

  test('what a provisioner is given makes a machine the node', async () => {
    const file = join(lab.directory, 'user-data');
    const { exitCode, stderr } = await lab.drover(
      ...['enroll', 'snippet', worker, '--format', 'cloud-init', '--out', file],
    );
    assert.equal(exitCode, 0, stderr);
    const { files } = parseUserData(await readFile(file, 'utf8'));
    const contentOf = (path: string) => files.find((each) => each.path === path)?.content ?? '';
    const { coordinators } = parse(contentOf('/etc/drover/agent.yaml')) as { readonly coordinators: unknown };
    const { enrollment, session } = lab.ports;
    assert.deepEqual(coordinators, [{ enrollment: `127.0.0.1:${enrollment}`, session: `127.0.0.1:${session}` }]);
    credential = contentOf('/etc/drover/enrollment-token');
    machine = await lab.addMachine(exampleMachines[1], credential);
    await lab.untilConnected(worker);
    assert.equal((await nodeOf(worker)).incarnation, 1);
    assert.ok(!lab.coordinator.log().includes(credential.split('.')[2] ?? ''), 'the credential is in no log');
  });

  test('with it, the machine is the node again after it was installed anew, and nobody is asked', async () => {
    await reimage();
    await untilIncarnation(2);
    assert.deepEqual(
      (await claimsOf('admitted')).map(({ node, verdict }) => [node, verdict]),
      [[worker, 'reimage']],
    );
  });

  test('one whose node’s policy says so waits for a person, who is told what to type', async () => {
    const text = await exampleCluster('simulated', ({ nodes }) => {
      for (const each of nodes) if (each.role === 'worker') each.rejoin = 'approve';
    });
    // The other machines are not there: no run begins, and the file is stored.
    assert.equal((await lab.drover('apply', '-f', await lab.clusterFile(text))).exitCode, 4);
    await reimage();
    const { claimId, node, verdict } = await untilPersonIsNeeded();
    assert.deepEqual([node, verdict], [worker, 'reimage']);
    const { stdout, stderr } = await lab.drover('get', 'claims');
    assert.match(stdout, /^worker-1 +reimage +pending +\d+ s +\d+ s ago +127\.0\.0\.1$/m);
    const [, typed = ''] = /^ {2}drover (claims approve .*)$/m.exec(stderr) ?? [];
    assert.equal(typed, `claims approve ${claimId}`);
    assert.match((await lab.drover('status')).stdout, /^claim +worker-1: reimage, pending since /m);

    const decisions = await Promise.all([1, 2].map(() => lab.drover(...typed.split(' '))));
    for (const { exitCode, stderr: said } of decisions) assert.equal(exitCode, 0, said);
    await untilIncarnation(3);
  });

  test('one that is rejected is told so, and the node stays what it was', async () => {
    await reimage();
    const { claimId } = await untilPersonIsNeeded();
    const { exitCode, stderr } = await lab.drover('claims', 'reject', claimId);
    assert.equal(exitCode, 0, stderr);
    await machine.agent.untilLogged(/claim-rejected/);
    assert.equal((await nodeOf(worker)).incarnation, 3);
    assert.equal((await lab.drover('claims', 'approve', claimId)).exitCode, 4);
  });

  test('one of an image that many have is nobody until a person says who it is', async () => {
    const { stdout } = await lab.drover('enroll', 'snippet', '--format', 'cloud-init');
    const { files } = parseUserData(stdout);
    const pin = files.find(({ path }) => path === '/etc/drover/enrollment-token')?.content ?? '';
    await lab.addMachine({ ...exampleMachines[2], name: 'unknown' }, pin);
    let stranger: Claim | undefined;
    await until(
      () => 'the stranger to ask',
      async () => {
        stranger = (await claimsOf('pending')).find(({ verdict }) => verdict === 'new');
        return stranger !== undefined;
      },
    );
    const claimId = stranger?.claimId ?? '';
    assert.equal((await lab.drover('claims', 'approve', claimId)).exitCode, 4);
    const { exitCode, stderr } = await lab.drover('claims', 'approve', claimId, '--as', 'worker-9');
    assert.equal(exitCode, 0, stderr);
    await until(
      () => 'worker-9 to be connected',
      async () => (await nodeOf('worker-9')).connected,
    );
  });

  test('one that was removed is refused until it is readmitted, and then the node that it was', async () => {
    const stranger = lab.machines.get('unknown');
    assert.ok(stranger);
    const { incarnation } = await nodeOf('worker-9');
    assert.equal((await lab.drover('delete', 'node', 'worker-9')).exitCode, 0);
    await stranger.agent.untilLogged(/node-removed/);
    assert.match((await lab.drover('nodes', 'removed')).stdout, /^worker-9 /m);
    const { exitCode, stderr } = await lab.drover('nodes', 'readmit', 'worker-9');
    assert.equal(exitCode, 0, stderr);
    // It asks every half minute by itself, and at once when it starts.
    await stranger.agent.stop();
    stranger.agent.start();
    await until(
      () => 'worker-9 to be connected again',
      async () => (await nodeOf('worker-9')).connected,
    );
    assert.equal((await nodeOf('worker-9')).incarnation, incarnation);
  });

  test('all of it is on record', async () => {
    const { stdout } = await lab.drover('audit', 'list', '-o', 'wide');
    for (const call of [/createToken +ok +worker-1/, /approveClaim +ok +worker-1/, /rejectClaim +ok +worker-1/])
      assert.match(stdout, call);
    assert.ok(!stdout.includes(credential.split('.')[2] ?? ''));
  });
});
