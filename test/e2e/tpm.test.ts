import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { parseUserData } from '@drover/lab';
import {
  exampleMachines,
  type LabMachine,
  type SimulatedLab,
  startSimulatedLab,
} from '../integration/simulated-lab.ts';
import { until } from '../integration/until.ts';
import { installSwtpm, type Swtpm, startSwtpm } from './swtpm.ts';

interface Claim {
  readonly claimId: string;
  readonly node?: string;
  readonly verdict: string;
  readonly state: string;
  readonly reason: string;
  readonly evidence: readonly { readonly class: string; readonly accepted: boolean; readonly reason: string }[];
}

const [, worker, other] = exampleMachines;
/** Each answer of a TPM takes some twenty programs. */
const patienceMs = 60_000;

suite('a machine whose TPM is known', { timeout: 300_000 }, () => {
  let directory = '';
  let lab: SimulatedLab;
  let machine: LabMachine;
  let own: Swtpm;
  let foreign: Swtpm;
  /** What an image may carry: nothing of it is secret. */
  let pin = '';
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drover-tpm-'));
    await installSwtpm(directory);
    own = await startSwtpm(join(directory, 'own'));
    foreign = await startSwtpm(join(directory, 'foreign'));
    lab = await startSimulatedLab();
    const { stdout } = await lab.drover('enroll', 'snippet', '--format', 'cloud-init');
    pin = parseUserData(stdout).files.find(({ path }) => path === '/etc/drover/enrollment-token')?.content ?? '';
    assert.match(pin, /^drvp1\./);
  });
  after(async () => {
    await lab.dispose();
    await own.stop();
    await foreign.stop();
    await rm(directory, { recursive: true });
  });

  const incarnation = async () => (await lab.json<{ incarnation: number }>('get', 'nodes', worker.name)).incarnation;
  /** A new disk, with an image that holds no secret. */
  const reimage = async (tpm: Swtpm | undefined) => {
    await machine.agent.stop();
    await rm(join(machine.directory, 'agent'), { recursive: true });
    await machine.giveToken(pin);
    await machine.nameTpm(tpm?.tcti);
    machine.agent.start();
  };
  const untilClaim = async (wanted: (claim: Claim) => boolean): Promise<Claim> => {
    let claims: readonly Claim[] = [];
    await until(
      () => `the claim, of ${JSON.stringify(claims)}; the agent says ${machine.agent.log()}`,
      async () => {
        claims = await lab.json<readonly Claim[]>('get', 'claims');
        return claims.some(wanted);
      },
      patienceMs,
    );
    const found = claims.find(wanted);
    assert.ok(found);
    return found;
  };
  const untilConnected = async (name: string) =>
    await until(
      () => `${name} to be connected; the agent says ${lab.machines.get(name)?.agent.log()}`,
      async () => {
        const nodes = await lab.json<readonly { name: string; connected: boolean }[]>('get', 'nodes');
        return nodes.some((node) => node.name === name && node.connected);
      },
      patienceMs,
    );
  const untilLogged = async ({ log }: LabMachine['agent'], pattern: RegExp) =>
    await until(
      () => `the agent to log ${pattern}: ${log()}`,
      () => pattern.test(log()),
      patienceMs,
    );
  const tpmOf = ({ evidence }: Claim) => evidence.find((each) => each.class === 'A');

  test('is the node again from an empty disk, with nothing but its TPM to show', async () => {
    const { stdout } = await lab.drover('token', 'create', worker.name);
    machine = await lab.addMachine({ ...worker, tcti: own.tcti }, stdout);
    await untilConnected(worker.name);
    assert.equal(await incarnation(), 1);

    await reimage(own);
    const claim = await untilClaim(({ state }) => state === 'admitted');
    await untilConnected(worker.name);
    assert.equal(await incarnation(), 2);
    assert.deepEqual([claim.node, claim.verdict], [worker.name, 'reimage']);
    assert.deepEqual(
      claim.evidence.filter(({ accepted }) => accepted).map((each) => each.class),
      ['A', 'D'],
    );
    const shown = await lab.drover('get', 'claims', claim.claimId);
    assert.match(shown.stdout, /^A +TPM sha256:[0-9a-f]{64} +yes +it is the TPM that was pinned at/m);
  });

  test('with another TPM, and with none, it waits for a person', async () => {
    await reimage(foreign);
    const exchanged = await untilClaim(({ state, reason }) => state === 'pending' && reason.includes('another TPM'));
    assert.equal(tpmOf(exchanged)?.accepted, false);
    assert.match(exchanged.reason, /nothing that it shows authorises it/);
    await lab.drover('claims', 'reject', exchanged.claimId);

    await reimage(undefined);
    const bare = await untilClaim(
      (claim) => claim.state === 'pending' && tpmOf(claim)?.reason.startsWith('the machine shows none') === true,
    );
    assert.match(bare.reason, /nothing that it shows authorises it/);
    await lab.drover('claims', 'reject', bare.claimId);
    assert.equal(await incarnation(), 2);
  });

  test('with its own again it comes back, and whoever has its TPM while it is alive is a copy', async () => {
    await reimage(own);
    await untilConnected(worker.name);
    assert.equal(await incarnation(), 3);

    const { agent } = await lab.addMachine({ ...other, name: 'copy', tcti: own.tcti }, pin);
    const copy = await untilClaim(({ verdict }) => verdict === 'clone');
    assert.deepEqual([copy.node, copy.state], [worker.name, 'quarantined']);
    await untilLogged(agent, /clone-suspected/);
    assert.equal(await incarnation(), 3);
    await agent.stop();
  });

  test('nobody makes another node of it, not even by a token', async () => {
    const { stdout } = await lab.drover('token', 'create', other.name);
    const { agent } = await lab.addMachine({ ...other, tcti: own.tcti }, stdout);
    await untilLogged(agent, /tpm-known.*its TPM is that of worker-1/);
    await agent.stop();
  });

  test('a TPM that cannot be used is said, and keeps nobody out who has something else to show', async () => {
    const { stdout } = await lab.drover('token', 'create', 'worker-9');
    const { agent } = await lab.addMachine({ ...other, name: 'worker-9', tcti: 'swtpm:path=/nowhere' }, stdout);
    await untilConnected('worker-9');
    assert.match(agent.log(), /"msg":"the TPM is not used"/);
  });
});
