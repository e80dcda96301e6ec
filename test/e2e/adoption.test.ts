// A cluster that somebody has made with kubeadm on real hosts becomes one that Drover looks after, as docs/guides/adoption.md
// says it. One story: each test begins where the one before has ended.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findHost, reimage } from '@drover/lab';
import { parse } from 'yaml';
import { until } from '../integration/until.ts';
import { changedFiles, type MachineState, machineState } from './adoption/machine-state.ts';
import { makeClusterByHand } from './adoption/make-cluster-by-hand.ts';
import { createSite, enrollByCredential, enrollByFile, succeed, untilConnected } from './adoption/site.ts';
import { bootWithCloudInit } from './cloud-init.ts';
import { drover, droverJson, kubectl, lab, onHost } from './quick-start.ts';
import { nodeObject, untilBack } from './worker-identity/node-object.ts';
import { untilRejoined } from './worker-identity/rejoins.ts';

const [controlPlane, worker] = ['control-plane-1', 'worker-1'] as const;
const site = createSite();
let byHand: readonly MachineState[] = [];
let uids = '';
let plan: PlanDocument | undefined;

interface PlanDocument {
  readonly hash: string;
  readonly steps: readonly {
    readonly action: string;
    readonly satisfied: boolean;
    readonly changes: readonly { readonly subject: string }[];
  }[];
}

before(async () => {
  await site.start();
  await Promise.all([site.startCoordinator(), makeClusterByHand()]);
  byHand = await states();
  uids = await identities();
});
after(() => site.dispose());

test('an agent is let in by a token in its file, or by one that systemd hands over, and brings its package alone', async () => {
  await Promise.all([enrollByCredential(controlPlane), enrollByFile(worker)]);
  await untilConnected([controlPlane, worker]);
  for (const { former, present } of await statesSince(byHand)) {
    const others = changedFiles(former, present).filter((path) => !path.includes('drover'));
    assert.deepEqual([others, present.processes], [[], former.processes]);
    assert.deepEqual([...present.packages.difference(former.packages)].map(nameOf), ['drover-agent']);
  }
});

test('the file that is proposed says what is there; proposing, planning and storing it change nothing', async () => {
  const earlier = await states();
  const file = join(site.folder(), 'old.yaml');
  await succeed(drover('adopt', '--name', 'old', '--out', file));
  const { spec } = parse(await readFile(file, 'utf8')) as { spec: Record<string, unknown> };
  const address = (await findHost(lab, controlPlane)).address;
  assert.deepEqual(spec['controlPlaneEndpoint'], { host: 'cluster-endpoint', address });
  assert.deepEqual(spec['nodes'], [
    { name: controlPlane, role: 'control-plane', address },
    {
      ...{ name: worker, role: 'worker', address: (await findHost(lab, worker)).address },
      labels: { 'example.org/disk': 'ssd', rack: '7' },
      taints: [{ key: 'example.org/slow', effect: 'PreferNoSchedule', value: 'disk' }],
    },
  ]);
  plan = await droverJson<PlanDocument>('plan', '-f', file);
  const memberships = plan.steps.filter(({ action }) => /^(init|join)-/.test(action));
  assert.deepEqual(
    memberships.map(({ action, satisfied }) => [action, satisfied]),
    [
      ['init-control-plane', true],
      ['join-node', true],
    ],
  );
  await succeed(drover('apply', '-f', file, '--no-run'));
  assert.deepEqual(await states(), earlier);
});

test('the approved plan changes the files that it names, and restarts nothing', async () => {
  const earlier = await states();
  const named = plan?.steps.flatMap(({ changes }) => changes.map(({ subject }) => subject)) ?? [];
  await succeed(drover('apply', '-f', join(site.folder(), 'old.yaml'), '--plan', plan?.hash ?? ''));
  for (const { former, present } of await statesSince(earlier)) {
    const changed = changedFiles(former, present);
    assert.ok(changed.includes('/etc/sysctl.d/99-zz-drover.conf'), 'it is seen where a file changes');
    assert.deepEqual(
      changed.filter((path) => !named.some((subject) => subject.includes(path))),
      [],
    );
    assert.deepEqual([present.packages, present.processes], [former.packages, former.processes]);
  }
  assert.equal(await identities(), uids);
  const { steps } = await droverJson<PlanDocument>('plan', 'old');
  assert.deepEqual(
    steps.filter(({ satisfied }) => !satisfied),
    [],
  );
});

test('its worker comes back by itself, installed anew by cloud-init', async () => {
  const former = await nodeObject(worker);
  const snippet = await succeed(drover('enroll', 'snippet', worker, '--format', 'cloud-init'), 'stdout');
  await reimage(lab, await findHost(lab, worker), { signal: AbortSignal.timeout(120_000) });
  await bootWithCloudInit(worker, snippet);
  await untilBack(worker, former.uid);
  await untilRejoined(1);
  const present = await nodeObject(worker);
  assert.deepEqual(present.labels, former.labels);
  assert.ok(present.taints.includes('example.org/slow=disk:PreferNoSchedule'), present.taints.join());
});

test('its only control-plane node comes back as nothing, and no cluster is initialised in place of the lost one', async () => {
  await reimage(lab, await findHost(lab, controlPlane), { signal: AbortSignal.timeout(120_000) });
  await enrollByFile(controlPlane);
  await until(
    () => `the way back of ${controlPlane} to be over`,
    async () => (await rejoinProblem(controlPlane)) === 'control-plane-lost',
    60_000,
  );
  const { all } = await drover('run', 'old');
  assert.match(all, /control-plane-lost[^]*found at work on control-plane-1/);
  assert.equal(await onHost(controlPlane, 'sh', '-c', 'ls /etc/kubernetes 2>/dev/null || true'), '');
});

async function states(): Promise<readonly MachineState[]> {
  return await Promise.all([controlPlane, worker].map(machineState));
}

/** Each machine as it was and as it is. */
async function statesSince(earlier: readonly MachineState[]) {
  const present = await states();
  return earlier.flatMap((former, index) => present.slice(index, index + 1).map((now) => ({ former, present: now })));
}

/** Of the cluster and of its Nodes: other ones would be other objects. */
async function identities(): Promise<string> {
  const uid = 'jsonpath={.metadata.uid}{range .items[*]} {.metadata.name} {.metadata.uid}{end}';
  return `${await kubectl('get', 'namespace', 'kube-system', '-o', uid)}${await kubectl('get', 'nodes', '-o', uid)}`;
}

async function rejoinProblem(name: string): Promise<string | undefined> {
  const nodes = await droverJson<readonly { name: string; rejoin?: { problem?: { code: string } } }[]>('get', 'nodes');
  return nodes.find((node) => node.name === name)?.rejoin?.problem?.code;
}

function nameOf(nameAndVersion: string): string {
  return nameAndVersion.replace(/-[^-]+-[^-]+$/, '');
}
