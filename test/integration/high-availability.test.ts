import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { exampleCluster, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

const controlPlanes = ['control-plane-1', 'control-plane-2', 'control-plane-3'] as const;
const machines = [...controlPlanes, 'worker-1'].map((name, index) => ({ name, address: `10.213.0.${11 + index}` }));
const nodes = machines.map(({ name, address }) => ({
  name,
  address,
  role: name.startsWith('worker') ? ('worker' as const) : ('control-plane' as const),
}));

// One story on one lab: each test begins where the one before has ended.
suite('several control-plane nodes', () => {
  let lab: SimulatedLab;
  let file: string;

  before(async () => {
    lab = await startSimulatedLab(machines);
    file = await lab.clusterFile(
      await exampleCluster('simulated', (spec) => {
        spec.nodes.splice(0, spec.nodes.length, ...nodes);
        Object.assign(spec, {
          controlPlaneEndpoint: { host: 'cluster-endpoint', servedBy: { kind: 'hosts' } },
        });
      }),
    );
  });
  after(() => lab.dispose());

  test('are made by one apply: an etcd of three, and one cluster', async () => {
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 0, stderr);
    const cluster = lab.world.cluster();
    assert.deepEqual(Object.keys(cluster?.nodes ?? {}).toSorted(), [...controlPlanes, 'worker-1']);
    assert.deepEqual(cluster?.etcdMembers?.map(({ name }) => name).toSorted(), controlPlanes);
    assert.deepEqual(await endpointLines(lab, 'control-plane-3'), ['10.213.0.13 cluster-endpoint']);
    assert.equal((await endpointLines(lab, 'worker-1')).length, 3);
  });

  test('are found done by a second apply', async () => {
    const { exitCode, stderr } = await lab.drover('apply', '-f', file);
    assert.equal(exitCode, 0, stderr);
    assert.match(stderr, /nothing was changed/);
  });

  test('are not needed for a change of one worker: any of them acts while the first is away', async () => {
    await lab.machines.get('control-plane-1')?.agent.stop('SIGKILL');
    const refused = await lab.drover('apply', '-f', file);
    assert.equal(refused.exitCode, 4, refused.stderr);
    const { exitCode, stderr } = await lab.drover('run', 'simulated', '--node', 'worker-1');
    assert.equal(exitCode, 0, stderr);
    const [, runId = ''] = /run (\S+) succeeded/.exec(stderr) ?? [];
    const { plan } = await lab.json<RunDocument>('get', 'runs', runId);
    const acting = plan.steps.find(({ id }) => id.endsWith('/wait-nodes-ready'))?.node;
    assert.equal(acting, 'control-plane-2');
    assert.ok(plan.steps.every(({ node }) => node !== 'control-plane-1'));
    assert.equal((await endpointLines(lab, 'worker-1')).length, 2);
  });
});

interface RunDocument {
  readonly plan: { readonly steps: readonly { readonly id: string; readonly node: string }[] };
}

async function endpointLines(lab: SimulatedLab, name: string): Promise<readonly string[]> {
  const hosts = await readFile(join(lab.directory, name, 'root', 'etc', 'hosts'), 'utf8');
  return hosts.split('\n').filter((line) => line.endsWith(' cluster-endpoint'));
}
