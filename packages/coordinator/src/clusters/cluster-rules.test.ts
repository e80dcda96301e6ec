import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeFaults } from '@drover/core';
import { exampleCluster, exampleText, parseCluster } from '../testing/example-cluster.ts';

function faultsOf(text: string): readonly string[] {
  const parsed = parseCluster(text, 'cluster.yaml');
  return parsed.ok ? [] : describeFaults(parsed.source, parsed.faults);
}

/** The lab's file with replacements made in it, each of which must be possible. */
async function edited(...edits: readonly (readonly [string, string])[]): Promise<string> {
  return edits.reduce(
    (text, [from, to]) => {
      assert.ok(text.includes(from), from);
      return text.replace(from, to);
    },
    await exampleText(),
  );
}

async function onlyFault(edit: readonly [string, string]): Promise<string> {
  const faults = faultsOf(await edited(edit));
  assert.equal(faults.length, 1, faults.join('\n'));
  return faults[0] ?? '';
}

for (const name of ['ha-lab', 'ha-lab-haproxy', 'lab', 'simulated', 'ten-workers', 'three-vms'] as const) {
  test(`deploy/examples/${name}.yaml is right, and the same as JSON`, async () => {
    const document = await exampleCluster(name);
    assert.equal(document.metadata.name, name);
    assert.ok(parseCluster(JSON.stringify(document), 'request body').ok);
  });
}

test('a file with five faults of schema and rules reports all five, each with line and path', async () => {
  const text = await edited(
    ['version: v1.20.2', 'version: v1.31.0'],
    ['serviceCidr: 10.96.0.0/16', 'serviceCidr: 10.244.128.0/20'],
    ['      repository: docker-ce\n', '      repository: dockerce\n'],
    ['role: worker\n      address: 10.213.0.12', 'roel: worker\n      address: 10.213.0.12'],
    ['name: worker-2', 'name: worker-1'],
  );
  assert.deepEqual(faultsOf(text), [
    'cluster.yaml:8:5: spec.kubernetes.version: v1.31.0 is unsupported: it no longer speaks to Docker, and no other runtime is supported yet; supported are 1.20 to 1.23',
    'cluster.yaml:19:5: spec.networking.serviceCidr: 10.244.128.0/20 overlaps podCidr 10.244.0.0/16',
    'cluster.yaml:25:7: spec.runtime.docker.repository: no repository has the id dockerce; there are: docker-ce, kubernetes (did you mean docker-ce?)',
    'cluster.yaml:46:7: spec.nodes[1].roel: is not a known key; known here: name, role, address, labels, taints, rejoin (did you mean role?)',
    'cluster.yaml:50:7: spec.nodes[2].name: worker-1 is nodes[1]’s already',
  ]);
});

test('a version before the first supported one is refused', async () => {
  assert.match(await onlyFault(['v1.20.2', 'v1.19.16']), /v1\.19\.16 is unsupported: it is too old/);
});

test('the only control-plane node cannot be told to join again', async () => {
  const edit = ['role: control-plane\n', 'role: control-plane\n      rejoin: auto\n'] as const;
  assert.match(await onlyFault(edit), /spec\.nodes\[0\]\.rejoin: the only control-plane node has nothing to join/);
});

test('a cluster without a control-plane node is refused', async () => {
  assert.match(await onlyFault(['role: control-plane', 'role: worker']), /spec\.nodes: no node has the role/);
});

test('a misspelt role is one fault, not also a missing control plane', async () => {
  assert.match(await onlyFault(['role: control-plane', 'role: controlplane']), /did you mean control-plane\?/);
});

test('addresses are held against their form', async () => {
  const text = await edited(
    ['advertiseAddress: 10.213.0.11', 'advertiseAddress: 10.213.0.256'],
    ['host: cluster-endpoint', 'host: Cluster_Endpoint'],
    ['address: 10.213.0.13', 'address: 10.213.13'],
  );
  assert.deepEqual(
    faultsOf(text).map((fault) => fault.split(': ')[1]),
    ['spec.controlPlaneEndpoint.host', 'spec.controlPlaneEndpoint.advertiseAddress', 'spec.nodes[2].address'],
  );
});

test('an address that two nodes share is refused', async () => {
  assert.match(
    await onlyFault(['address: 10.213.0.13', 'address: 10.213.0.12']),
    /10\.213\.0\.12 is nodes\[1\]’s already/,
  );
});

test('a pod network too small for one node’s share is refused', async () => {
  assert.match(
    await onlyFault(['10.244.0.0/16', '10.244.0.0/26']),
    /prefix of 10\.244\.0\.0\/26 must be from \/8 to \/24/,
  );
});

test('two repositories of one id are refused', async () => {
  const text = await edited(
    ['- id: kubernetes', '- id: docker-ce'],
    ['    repository: kubernetes', '    repository: docker-ce'],
  );
  assert.match(faultsOf(text)[0] ?? '', /spec\.repositories\[1\]\.id: docker-ce is there twice/);
});

test('a hosts line that contradicts the endpoint is refused', async () => {
  const lines = 'hosts:\n    - {address: 10.0.0.9, names: [cluster-endpoint]}\n  kubeconfigUsers';
  assert.match(await onlyFault(['kubeconfigUsers', lines]), /cluster-endpoint is already 10\.213\.0\.11/);
});

test('labels and taints follow Kubernetes’ syntax', async () => {
  assert.match(await onlyFault(['example.org/disk: ssd', '-disk: ssd']), /labels\["-disk"\]: -disk is no label key/);
  assert.match(await onlyFault(['example.org/disk: ssd', 'disk: s d']), /s d is no label value/);
});

test('a manifest’s file name is refused with the way to send its content', async () => {
  assert.match(
    await onlyFault(['manifest: "kind: List"', 'manifestFile: network.yaml']),
    /does not read files: send its content/,
  );
});

test('an address with a password in it is refused, wherever it stands, and is not repeated', async () => {
  const document = await exampleCluster();
  const { spec } = document;
  const secret = 'joe:hunter2@';
  const faulty = {
    ...document,
    spec: {
      ...spec,
      kubernetes: { ...spec.kubernetes, imageRepository: `${secret}registry.example.org/kubernetes` },
      runtime: {
        docker: {
          ...spec.runtime.docker,
          registryMirrors: ['https://mirror.example.org', `https://${secret}mirror.example.org`],
          insecureRegistries: [`${secret}10.0.12.9:5000`],
        },
      },
      repositories: spec.repositories.map((repository) => ({
        ...repository,
        baseUrl: `https://${secret}repo.example.org/$releasever/$basearch`,
        gpgKeys: [`https://joe@repo.example.org/key`],
      })),
    },
  };
  const faults = faultsOf(JSON.stringify(faulty));
  const paths = [
    ...['runtime.docker.registryMirrors[1]', 'runtime.docker.insecureRegistries[0]', 'kubernetes.imageRepository'],
    ...spec.repositories.flatMap((_, index) => [`repositories[${index}].baseUrl`, `repositories[${index}].gpgKeys[0]`]),
  ];
  for (const path of paths)
    assert.ok(
      faults.some((fault) => fault.includes(`spec.${path}: has a user name`)),
      path,
    );
  assert.equal(faults.length, paths.length, faults.join('\n'));
  assert.doesNotMatch(faults.join(), /hunter2/);
});

test('an @ behind the authority of an address is none of a password', async () => {
  const document = await exampleCluster();
  const repositories = document.spec.repositories.map((each) => ({
    ...each,
    baseUrl: 'https://repo.example.org/@scope/x',
  }));
  assert.deepEqual(faultsOf(JSON.stringify({ ...document, spec: { ...document.spec, repositories } })), []);
});
