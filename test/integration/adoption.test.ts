import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createSimulatedHost, readCommands } from '@drover/agent/testing';
import { parse, stringify } from 'yaml';
import { fileTimes } from './file-times.ts';
import { kubectl, makeClusterByHand } from './hand-made-cluster.ts';
import { type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

const members = [
  { name: 'old-master', address: '10.213.0.11' },
  { name: 'old-worker', address: '10.213.0.12' },
] as const;
const bare = { name: 'new-worker', address: '10.213.0.13' } as const;

interface PlanDocument {
  readonly hash?: string;
  readonly findings: readonly { readonly severity: string; readonly message: string }[];
  readonly steps: readonly {
    readonly id: string;
    readonly action: string;
    readonly satisfied: boolean;
    readonly problem?: unknown;
  }[];
}

const memberships = ['init-control-plane', 'join-node', 'join-control-plane'];

// One story on one lab: each test begins where the one before has ended.
suite('a cluster that a person has made with kubeadm', () => {
  let lab: SimulatedLab;
  let file: string;
  let plan: PlanDocument;

  before(async () => {
    lab = await startSimulatedLab([...members, bare]);
    await makeClusterByHand(members.map((node) => ({ ...node, machine: machineOf(lab, node.name) })));
    const controlPlane = await createSimulatedHost({ directory: machineOf(lab, 'old-master').directory });
    const labels = JSON.stringify({ metadata: { labels: { 'example.org/disk': 'ssd' } } });
    await kubectl(controlPlane, ['patch', 'node', 'old-worker', '--type=merge', `--patch=${labels}`]);
    file = join(lab.directory, 'old.yaml');
  });
  after(() => lab.dispose());

  const times = async () => await Promise.all(members.map(({ name }) => fileTimes(join(lab.directory, name, 'root'))));

  test('is proposed as a cluster file that says what is there, and looking changes nothing', async () => {
    const [earlier, cluster] = [await times(), lab.world.cluster()];
    const { exitCode, stderr } = await lab.drover('adopt', '--name', 'old', '--out', file);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /nothing was stored, and no machine was changed/);
    const golden = await readFile(join(import.meta.dirname, 'golden', 'adopted.yaml'), 'utf8');
    assert.equal(await readFile(file, 'utf8'), golden);
    assert.deepEqual([await times(), lab.world.cluster()], [earlier, cluster]);
    assert.deepEqual(await lab.json('get', 'clusters'), []);
  });

  test('is not proposed over a file that somebody may have worked on', async () => {
    const { exitCode, stderr } = await lab.drover('adopt', '--name', 'old', '--out', file);
    assert.notEqual(exitCode, 0);
    assert.match(stderr, /file-unwritable/);
  });

  test('has a plan in which every init and join is done already, and that says what Drover would change', async () => {
    plan = await lab.json<PlanDocument>('plan', '-f', file);
    assert.deepEqual(
      plan.findings.filter(({ severity }) => severity === 'error'),
      [],
    );
    const steps = plan.steps.filter(({ action }) => memberships.includes(action));
    assert.deepEqual(
      steps.map(({ id, satisfied, problem }) => [id, satisfied, problem]),
      [
        ['init-control-plane/old-master/init-control-plane', true, undefined],
        ['join-workers/old-worker/join-node', true, undefined],
      ],
    );
    assert.ok(plan.steps.some(({ satisfied }) => !satisfied));
  });

  test('is stored without a change on any machine', async () => {
    const [earlier, cluster] = [await times(), lab.world.cluster()];
    const { exitCode, stderr } = await lab.drover('apply', '-f', file, '--no-run');
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual([await times(), lab.world.cluster()], [earlier, cluster]);
    assert.deepEqual(await lab.json('get', 'runs'), []);
  });

  test('is changed by the approved plan alone, and by that in nothing that makes it a cluster', async () => {
    const cluster = lab.world.cluster();
    const typed = await membershipCommands(lab);
    assert.deepEqual(typed, ['old-master: kubeadm init', 'old-worker: kubeadm join'], 'a person’s are on record');
    const refused = await lab.drover('apply', '-f', file, '--plan', '0'.repeat(64));
    assert.match(refused.stderr, /plan-changed/);
    const { exitCode, stderr } = await lab.drover('apply', '-f', file, '--plan', plan.hash ?? '');
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(await membershipCommands(lab), typed);
    const now = lab.world.cluster();
    assert.deepEqual([now?.caCertificate, now?.etcdMembers], [cluster?.caCertificate, cluster?.etcdMembers]);
    assert.deepEqual(uids(now), uids(cluster));
    assert.deepEqual(
      Object.keys(now?.objects ?? {}).toSorted(),
      Object.keys(cluster?.objects ?? {}).toSorted(),
      'no bootstrap token was minted',
    );
    const again = await lab.json<PlanDocument>('plan', 'old');
    assert.deepEqual(
      again.steps.filter(({ satisfied }) => !satisfied).map(({ id }) => id),
      [],
    );
  });

  test('takes a further node by a join of Drover’s, which is what the plan of a node that is no member shows', async () => {
    const document = parse(await readFile(file, 'utf8')) as { readonly spec: { readonly nodes: object[] } };
    document.spec.nodes.push({ ...bare, role: 'worker' });
    await writeFile(file, stringify(document));
    const larger = await lab.json<PlanDocument>('plan', '-f', file);
    const joins = larger.steps.filter(({ action, satisfied }) => memberships.includes(action) && !satisfied);
    assert.deepEqual(
      joins.map(({ id }) => id),
      ['join-workers/new-worker/join-node'],
    );
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 0, stderr);
    assert.ok((await membershipCommands(lab)).includes('new-worker: kubeadm join'));
  });
});

const several = [
  { name: 'master-1', address: '10.213.0.11', role: 'control-plane' },
  { name: 'master-2', address: '10.213.0.12', role: 'control-plane' },
  { name: 'master-3', address: '10.213.0.13', role: 'control-plane' },
  { name: 'worker-1', address: '10.213.0.14', role: 'worker' },
] as const;

suite('a cluster of three control-plane nodes that a person has made', () => {
  let lab: SimulatedLab;

  before(async () => {
    lab = await startSimulatedLab(several.map(({ name, address }) => ({ name, address })));
    await makeClusterByHand(several.map((node) => ({ ...node, machine: machineOf(lab, node.name) })));
  });
  after(() => lab.dispose());

  test('is adopted as it is: no init, no join, the same members of etcd', async () => {
    const file = join(lab.directory, 'several.yaml');
    const proposed = await lab.drover('adopt', '--name', 'several', '--out', file);
    assert.equal(proposed.exitCode, 0, proposed.stderr);
    const { spec } = parse(await readFile(file, 'utf8')) as {
      readonly spec: {
        readonly controlPlaneEndpoint: unknown;
        readonly nodes: readonly { name: string; role: string }[];
      };
    };
    assert.deepEqual(spec.controlPlaneEndpoint, { host: 'old-api', servedBy: { kind: 'hosts' } });
    assert.deepEqual(
      spec.nodes.map(({ name, role }) => [name, role]),
      several.map(({ name, role }) => [name, role]),
    );
    const plan = await lab.json<PlanDocument>('plan', '-f', file);
    const memberSteps = plan.steps.filter(({ action }) => memberships.includes(action));
    assert.deepEqual(
      memberSteps.map(({ action, satisfied }) => [action, satisfied]),
      [
        ['init-control-plane', true],
        ['join-control-plane', true],
        ['join-control-plane', true],
        ['join-node', true],
      ],
    );
    const [cluster, typed] = [lab.world.cluster(), await membershipCommands(lab)];
    const { exitCode, stderr } = await lab.drover('apply', '-f', file, '--plan', plan.hash ?? '');
    assert.equal(exitCode, 0, stderr);
    const now = lab.world.cluster();
    assert.deepEqual(await membershipCommands(lab), typed);
    assert.deepEqual([now?.etcdMembers, uids(now)], [cluster?.etcdMembers, uids(cluster)]);
  });

  test('names the node whose agent is not there, instead of forgetting it', async () => {
    const { exitCode, stdout, stderr } = await lab.drover(
      'adopt',
      '--name',
      'several',
      'master-1',
      'master-2',
      'worker-1',
    );
    assert.equal(exitCode, 0, stderr);
    assert.match(stdout, /# the control-plane node master-3 is in the cluster and has no agent/);
  });
});

function machineOf(lab: SimulatedLab, name: string) {
  const machine = lab.machines.get(name);
  assert.ok(machine, `the lab has a machine ${name}`);
  return machine;
}

async function membershipCommands(lab: SimulatedLab): Promise<readonly string[]> {
  const records = await Promise.all(
    [...lab.machines].map(async ([name, { directory }]) => {
      const commands = await readCommands(directory);
      const begun = commands.filter(({ ended }) => ended === undefined);
      return begun.map(({ argv: [program = '', verb = ''] }) => `${name}: ${program} ${verb}`);
    }),
  );
  return records
    .flat()
    .filter((line) => /kubeadm (init|join|reset)$/.test(line))
    .toSorted();
}

function uids(cluster: ReturnType<SimulatedLab['world']['cluster']>) {
  return Object.fromEntries(Object.values(cluster?.nodes ?? {}).map(({ name, uid }) => [name, uid]));
}
