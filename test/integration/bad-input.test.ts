import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { occupyPorts } from '@drover/agent/testing';
import type { DroverResult } from './drover-client.ts';
import {
  type ExampleSpec,
  exampleCluster,
  exampleMachines,
  type SimulatedLab,
  startSimulatedLab,
} from './simulated-lab.ts';

const machineCount = 2;
const machines = exampleMachines.slice(0, machineCount);

// One lab, and one machine pair that each mistake leaves as it was or half done: the last test finishes it.
suite('a mistake is answered with its code, its cause and its remedy:', () => {
  let lab: SimulatedLab;
  before(async () => {
    lab = await startSimulatedLab();
  });
  after(() => lab.dispose());

  const clusterFile = async (change: (spec: ExampleSpec) => void = () => undefined): Promise<string> => {
    const text = await exampleCluster('simulated', (spec) => {
      spec.nodes.splice(machineCount);
      change(spec);
    });
    return lab.clusterFile(text);
  };

  const applyVersion = async (version: string): Promise<DroverResult> => {
    const path = await clusterFile((spec) => {
      spec.kubernetes.version = version;
    });
    return lab.drover('apply', '-f', path);
  };

  test('five faults in a cluster file, all at once, each with its line and path', async () => {
    const text = (await exampleCluster('simulated'))
      .replace('version: v1.20.2', 'version: 1.20')
      .replace('podCidr: 10.244.0.0/16', 'podCidr: 10.244.0.0/99')
      .replace('kubeconfigUsers:', 'kubeconfigUser:')
      .replace('role: control-plane', 'role: master')
      .replace('address: 10.213.0.13', 'address: 10.213.0.1333');
    const lines = text.split('\n');
    const lineOf = (part: string) => lines.findIndex((line) => line.includes(part)) + 1;
    const result = await lab.drover('apply', '-f', await lab.clusterFile(text));
    assertRefused(result, 2, 'input-invalid', /do: {6}Mend every fault listed/);
    const faults = [...result.stderr.matchAll(/^ {4}line (\d+), ([^:]+): /gm)].map(([, line, path]) => [
      path,
      Number(line),
    ]);
    assert.deepEqual(Object.fromEntries(faults), {
      'spec.kubernetes.version': lineOf('version: 1.20'),
      'spec.networking.podCidr': lineOf('/99'),
      'spec.kubeconfigUser': lineOf('kubeconfigUser:'),
      'spec.nodes[0].role': lineOf('master'),
      'spec.nodes[2].address': lineOf('1333'),
    });
    assert.match(result.stderr, /did you mean kubeconfigUsers\?/);
    assert.deepEqual(await lab.json('get', 'clusters'), [], 'nothing was stored');
  });

  test('machines that are not connected, every one of them by name', async () => {
    const result = await lab.drover('apply', '-f', await clusterFile());
    const remedy = /do: {6}Make a token \(`drover token create control-plane-1`, `drover token create worker-1`\)/;
    assertRefused(result, 4, 'node-not-connected', remedy);
    assert.match(result.stderr, /spec\.nodes\[0\]: control-plane-1 is not known/);
    assert.match(result.stderr, /spec\.nodes\[1\]: worker-1 is not known/);
  });

  test('a machine that was connected and is no longer', async () => {
    await Promise.all(machines.map((machine) => lab.addNode(machine)));
    const agent = lab.machines.get('worker-1')?.agent;
    await agent?.stop();
    const result = await lab.drover('apply', '-f', await clusterFile());
    assertRefused(result, 4, 'node-not-connected', /do: {6}Start drover-agent/);
    assert.match(result.stderr, /worker-1 is not connected/);
    assert.doesNotMatch(result.stderr, /control-plane-1 is not/);
    agent?.start();
    await lab.untilConnected('worker-1');
  });

  test('a port in use, with the process that has it, before anything is changed', async () => {
    const directory = join(lab.directory, 'control-plane-1');
    await occupyPorts(directory, [{ process: 'nginx', port: 6443 }]);
    const result = await lab.drover('apply', '-f', await clusterFile());
    assertRefused(result, 4, 'preflight-failed', /do: Stop what listens there/);
    assert.match(result.stderr, /ports-in-use on control-plane-1: port 6443.* is in use by nginx/);
    assert.deepEqual(await lab.json('get', 'runs'), [], 'no run was started');
    await occupyPorts(directory, []);
  });

  test('a package version that no repository has, with those that there are', async () => {
    const result = await applyVersion('v1.20.3');
    assertRefused(result, 5, 'package-version-unavailable', /do: {6}Choose one of the versions listed/);
    assert.match(result.stderr, /kubelet is there as 1\.20\.2, 1\.20\.9/);
  });

  test('a package repository that does not answer', async () => {
    await withSupply({ unreachableHosts: ['10.213.0.1:8080'] }, async () => {
      // Of another version, so that the images which are pulled meanwhile are not those of the tests below.
      const result = await applyVersion('v1.20.9');
      assertRefused(result, 5, 'repository-unreachable', /do: {6}Check its address in the cluster file/);
    });
  });

  test('an image that its registry does not have', async () => {
    const image = '10.213.0.1:5000/kubernetes/kube-proxy:v1.20.2';
    await withSupply({ missingImages: [image] }, async () => {
      const result = await lab.drover('apply', '-f', await clusterFile());
      assertRefused(result, 5, 'image-not-found', /do: {6}Check the image repository/);
      assert.ok(result.stderr.includes(image));
    });
  });

  test('an image registry that does not answer, after several tries', async () => {
    await withSupply({ unreachableHosts: ['10.213.0.1:5000'] }, async () => {
      const result = await lab.drover('apply', '-f', await clusterFile());
      assertRefused(result, 5, 'registry-unreachable', /do: {6}Check its address in the cluster file/);
      assert.match(
        result.stderr,
        /waits for the next attempt, after registry-unreachable: .*connection refused, until /,
      );
    });
  });

  test('and with the right input the same machines become a cluster', async () => {
    const { exitCode, stderr } = await lab.drover('apply', '-f', await clusterFile());
    assert.equal(exitCode, 0, stderr.slice(-1_000));
    assert.equal(Object.keys(lab.world.cluster()?.nodes ?? {}).length, machineCount);
  });

  async function withSupply(lack: Partial<ReturnType<SimulatedLab['world']['supply']>>, use: () => Promise<void>) {
    const supply = lab.world.supply();
    lab.world.setSupply({ ...supply, ...lack });
    try {
      await use();
    } finally {
      lab.world.setSupply(supply);
    }
  }
});

function assertRefused(
  { exitCode, stdout, stderr }: DroverResult,
  expected: number,
  code: string,
  remedy: RegExp,
): void {
  assert.equal(exitCode, expected, stderr.slice(-1_000));
  assert.equal(stdout, '', 'standard output is for data');
  assert.ok(stderr.includes(`(${code})\n`), stderr.slice(-1_000));
  assert.match(stderr, / because: \S/);
  assert.match(stderr, remedy);
}
