import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { describeFaults } from '@drover/core';
import { exampleCluster, parseCluster } from '../testing/example-cluster.ts';
import type { ClusterSpec } from './cluster-spec.ts';

type Endpoint = ClusterSpec['controlPlaneEndpoint'];

const virtual = { host: 'cluster-endpoint', address: '10.0.0.100' } as const;

/** The faults of a cluster of three control-plane nodes and a worker behind an endpoint: each with its path, in a line. */
async function faultsOf(endpoint: Endpoint, changeNodes: (nodes: ClusterSpec['nodes']) => object[] = (all) => all) {
  const document = await exampleCluster();
  const nodes: ClusterSpec['nodes'] = [1, 2, 3].map((number) => ({
    name: `control-plane-${number}`,
    role: 'control-plane',
    address: `10.0.0.${number}`,
  }));
  const spec = {
    ...document.spec,
    controlPlaneEndpoint: endpoint,
    nodes: changeNodes([...nodes, { name: 'worker-1', role: 'worker' }]),
  };
  const parsed = parseCluster(JSON.stringify({ ...document, spec }), 'body');
  return parsed.ok ? [] : describeFaults(parsed.source, parsed.faults).map((line) => line.replace(/^.*?: spec\./, ''));
}

suite('the endpoint of several control-plane nodes', () => {
  test('is right in each kind', async () => {
    const kubeVip = { kind: 'kube-vip', image: 'registry.example/kube-vip:v0.4.4', interface: 'eth0' } as const;
    const haproxy = { kind: 'haproxy', image: 'haproxy:2.6', keepalivedImage: 'keepalived:2.2' } as const;
    const endpoints: readonly Endpoint[] = [
      { host: 'api.example.org' },
      {
        host: 'api.example.org',
        address: '10.0.0.200',
        servedBy: { kind: 'external' },
        apiServerPort: 6443,
        port: 443,
      },
      { host: 'cluster-endpoint', address: '10.0.0.1', servedBy: { kind: 'node' } },
      { host: 'cluster-endpoint', servedBy: { kind: 'hosts' } },
      { ...virtual, servedBy: kubeVip },
      { ...virtual, port: 8443, servedBy: { ...haproxy, virtualRouterId: 7 } },
    ];
    for (const endpoint of endpoints) assert.deepEqual(await faultsOf(endpoint), [], JSON.stringify(endpoint));
  });

  test('is no node’s own address, unless that is said', async () => {
    for (const endpoint of [{ host: 'cluster-endpoint', address: '10.0.0.2' }, { host: '10.0.0.2' }]) {
      const [fault, ...others] = await faultsOf(endpoint);
      assert.match(fault ?? '', /^controlPlaneEndpoint\.(address|host): 10\.0\.0\.2 is control-plane-2’s own/);
      assert.deepEqual(others, []);
    }
  });

  test('has the API servers’ own port where nothing stands between', async () => {
    const kubeVip = { kind: 'kube-vip', image: 'kube-vip:v0.4.4' } as const;
    for (const endpoint of [
      { host: 'cluster-endpoint', servedBy: { kind: 'hosts' } },
      { host: 'cluster-endpoint', address: '10.0.0.1', servedBy: { kind: 'node' } },
      { ...virtual, servedBy: kubeVip },
    ] as const) {
      const faults = await faultsOf({ ...endpoint, port: 8443, apiServerPort: 6443 });
      assert.equal(faults.length, 1, faults.join('\n'));
      assert.match(faults[0] ?? '', /^controlPlaneEndpoint\.apiServerPort: 6443 is not the endpoint’s port 8443/);
      assert.deepEqual(await faultsOf({ ...endpoint, port: 8443 }), []);
    }
  });

  test('cannot be announced under one address', async () => {
    const [fault] = await faultsOf({ host: 'api.example.org', advertiseAddress: '10.0.0.1' });
    assert.match(fault ?? '', /^controlPlaneEndpoint\.advertiseAddress: several control-plane nodes cannot/);
  });

  test('by hosts entries takes a name and the nodes’ addresses, and says so all at once', async () => {
    const endpoint = { host: '10.0.0.9', address: '10.0.0.9', servedBy: { kind: 'hosts', image: 'x' } } as const;
    const faults = await faultsOf(endpoint, ([first, ...others]) => [
      { name: first?.name, role: first?.role },
      ...others,
    ]);
    assert.deepEqual(
      faults.map((fault) => fault.split(': ')[0]),
      [
        'controlPlaneEndpoint.host',
        'controlPlaneEndpoint.address',
        'controlPlaneEndpoint.servedBy.image',
        'nodes[0].address',
      ],
    );
  });

  test('by static pods takes a free address, images and a free port, and says so all at once', async () => {
    const endpoint = { host: 'cluster-endpoint', address: '10.0.0.3', servedBy: { kind: 'haproxy' } } as const;
    const paths = (await faultsOf(endpoint)).map((fault) => fault.split(': ')[0]);
    const served = 'controlPlaneEndpoint.servedBy';
    assert.deepEqual(
      new Set(paths),
      new Set([
        'controlPlaneEndpoint.address',
        `${served}.image`,
        `${served}.keepalivedImage`,
        'controlPlaneEndpoint.port',
      ]),
    );
    const missing = await faultsOf({ host: 'cluster-endpoint', servedBy: { kind: 'kube-vip' } });
    assert.deepEqual(
      new Set(missing.map((fault) => fault.split(': ')[0])),
      new Set(['controlPlaneEndpoint.address', `${served}.image`]),
    );
  });
});

test('a hosts line for an endpoint that is served by hosts entries is refused', async () => {
  const document = await exampleCluster('ha-lab');
  const spec = { ...document.spec, hosts: [{ address: '10.0.0.9', names: ['registry', 'cluster-endpoint'] }] };
  const parsed = parseCluster(JSON.stringify({ ...document, spec }), 'body');
  const faults = parsed.ok ? [] : describeFaults(parsed.source, parsed.faults);
  assert.equal(faults.length, 1, faults.join('\n'));
  assert.match(faults[0] ?? '', /spec\.hosts\[0\]\.names\[1\]: cluster-endpoint is the endpoint’s name/);
});
