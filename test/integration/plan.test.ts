import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { fileTimes, writtenFiles } from './file-times.ts';
import { exampleCluster, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';

/** The machines of deploy/examples/three-vms.yaml, with the addresses of their cards. */
const machines = [
  { name: 'k8s-master', address: '10.0.12.2' },
  { name: 'k8s-node1', address: '172.17.0.3' },
  { name: 'k8s-node2', address: '172.16.1.4' },
];

suite('planning the three VMs', () => {
  let lab: SimulatedLab;
  before(async () => {
    lab = await startSimulatedLab();
  });
  after(() => lab.dispose());

  test('tells the wrong advertise address from the file alone, before any machine is there', async () => {
    const { exitCode, stdout } = await lab.drover(
      'plan',
      '-f',
      await lab.clusterFile(await exampleCluster('three-vms')),
    );
    assert.equal(exitCode, 4);
    assert.match(stdout, /error advertise-address on k8s-master: the advertise address 172\.25\.73\.2 is none of/);
    assert.match(stdout, /do: Set spec\.controlPlaneEndpoint\.advertiseAddress to 10\.0\.12\.2/);
    assert.match(stdout, /no plan yet/);
  });

  test('tells an advertise address that the file cannot know to be wrong from the machines, and changes none', async () => {
    await Promise.all(machines.map((machine) => lab.addNode(machine)));
    const text = await exampleCluster('three-vms', ({ controlPlaneEndpoint, nodes }) => {
      controlPlaneEndpoint.address = '172.25.73.2';
      for (const node of nodes) delete node.address;
    });
    const root = join(lab.directory, 'k8s-master', 'root');
    const times = await fileTimes(root);
    const { exitCode, stderr } = await lab.drover('apply', '-f', await lab.clusterFile(text));
    assert.equal(exitCode, 4);
    assert.match(stderr, /\(preflight-failed\)/);
    assert.match(stderr, /advertise-address on k8s-master: .*is on no interface[^\n]*\n {6}\| eth0 has 10\.0\.12\.2/);
    assert.deepEqual(writtenFiles(times, await fileTimes(root)), []);
    assert.deepEqual(await lab.json('get', 'runs'), []);
  });

  test('with the right address shows every change before and after, under a hash', async () => {
    const { exitCode, stdout } = await lab.drover('plan', '-f', await rightFile());
    assert.equal(exitCode, 0, stdout);
    const [master = ''] = /^k8s-master: .*?(?=^k8s-node1: )/ms.exec(stdout) ?? [];
    assert.match(master, /k8s-master: \d+ of \d+ steps would change something/);
    assert.match(master, /hostname\n {6}- localhost\.localdomain\n {6}\+ k8s-master\n/);
    assert.match(master, /\+ Kubernetes v1\.20\.9 at cluster-endpoint:6443/);
    const newFile = / {4}file \/etc\/sysctl\.d\/99-zz-drover\.conf \(new\)\n {6}\+# Written by Drover/;
    assert.match(master, newFile, 'a file that is not there');
    assert.match(
      master,
      / {4}file \/etc\/hosts\n {6}@@ -1,\d \+1,\d @@\n {6}\+# BEGIN drover\n/,
      'one that others keep',
    );
    assert.ok(!stdout.includes('\x1B'), 'no colours for programs');
    assert.match(stdout, /\nplan [0-9a-f]{64}\n$/);
  });

  test('is a bash script for those who want to do it by hand, in the order of phases', async () => {
    const { exitCode, stdout, stderr } = await lab.drover('plan', 'export', '--format=sh', '-f', await rightFile());
    assert.equal(exitCode, 0, stderr);
    const check = spawnSync('bash', ['-n'], { input: stdout, encoding: 'utf8' });
    assert.equal(check.status, 0, check.stderr);
    const sections = [...stdout.matchAll(/^if section (\S+) k8s-node1; then$/gm)].map(([, phase]) => phase);
    assert.deepEqual(sections, [
      'prepare-host',
      'install-runtime',
      'start-runtime',
      'install-kubernetes',
      'pull-images',
      'join-workers',
    ]);
    assert.match(stdout, /^kubeadm init --skip-token-print .*--config=\/run\/drover-by-hand\/kubeadm\.yaml$/m);
    assert.match(stdout, /^: "\$\{JOIN_TOKEN:\?run kubeadm token create /m);
    assert.match(stdout, /^after 'init-control-plane on k8s-master'$/m);
    assert.match(stdout, /^# disable-swap\n# {3}swap \/dev\/dm-1: on \(partition\) → off$/m);
  });

  test('gives a hash that no other specification can be applied with: nothing is run and nothing stored', async () => {
    const stored = await lab.json('get', 'clusters');
    const hash = await planHash(await rightFile());
    const other = await rightFile('v1.20.2');
    const { exitCode, stderr } = await lab.drover('apply', '--plan', hash, '-f', other);
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /\(plan-changed\)/);
    assert.ok(stderr.includes(await planHash(other)), 'the new plan is named');
    assert.deepEqual(await lab.json('get', 'runs'), []);
    assert.deepEqual(await lab.json('get', 'clusters'), stored);
  });

  test('gives a hash that holds as long as the machines are as they were: what changed is named, with its node', async () => {
    const file = await rightFile();
    const hash = await planHash(file);
    const swaps = join(lab.directory, 'k8s-node1', 'root', 'proc', 'swaps');
    const content = await readFile(swaps, 'utf8');
    await writeFile(swaps, `${content}/dev/vda2 partition 1048572 0 -3\n`);
    const { exitCode, stderr } = await lab.drover('apply', '--plan', hash, '-f', file);
    assert.equal(exitCode, 4, stderr);
    assert.match(stderr, /\(plan-changed\)/);
    assert.match(stderr, /k8s-node1: swap\.active:? was \[\/dev\/dm-1\], is \[\/dev\/dm-1, \/dev\/vda2\]/);
    assert.match(stderr, /disable-swap: was: .*; is: .*swap \/dev\/vda2: on \(partition\) → off/);
    assert.doesNotMatch(stderr, /k8s-node2: /);
    assert.deepEqual(await lab.json('get', 'runs'), []);
    await writeFile(swaps, content);
    assert.equal(await planHash(file), hash, 'nothing else has changed');
  });

  test('gives a hash that the same specification is applied with', async () => {
    const file = await rightFile();
    const { exitCode, stderr } = await lab.drover('apply', '--plan', await planHash(file), '-f', file);
    assert.equal(exitCode, 0, stderr.slice(-1_000));
  });

  async function rightFile(version = 'v1.20.9'): Promise<string> {
    const text = await exampleCluster('three-vms', ({ controlPlaneEndpoint, kubernetes }) => {
      controlPlaneEndpoint.advertiseAddress = '10.0.12.2';
      kubernetes.version = version;
    });
    return lab.clusterFile(text);
  }

  async function planHash(file: string): Promise<string> {
    return (await lab.json<{ readonly hash: string }>('plan', '-f', file)).hash;
  }
});
