import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Facts } from '@drover/proto';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';
import { exampleCluster } from '../testing/example-cluster.ts';
import { exampleView } from '../testing/example-view.ts';
import { findingsOf, highlyAvailable, linesOf, member, merge, viewWith } from '../testing/preflight-views.ts';
import { checks } from './checks/index.ts';
import { allowsRun, checkSpec, checkView } from './preflight.ts';

const gibibyte = 2 ** 30;

suite('preflight', () => {
  test('bare machines that fit lead to nothing but what the run mends', () => {
    assert.deepEqual(linesOf(findingsOf(exampleView())), []);
    const findings = checkView(checks, exampleView());
    assert.ok(findings.length > 0 && findings.every(({ fixedBy }) => fixedBy !== undefined));
    assert.ok(allowsRun(findings));
  });

  test('the ids of checks are unique', () => {
    assert.equal(new Set(checks.map(({ id }) => id)).size, checks.length);
  });

  test('the reference case’s advertise address is found from the cluster file alone', async () => {
    const { metadata, spec } = await exampleCluster('three-vms');
    const findings = checkSpec(checks, { name: metadata.name, spec });
    assert.deepEqual(linesOf(findings), [
      'advertise-address | error | k8s-master | the advertise address 172.25.73.2 is none of the addresses that the cluster file gives the control plane',
    ]);
    assert.match(findings[0]?.remedy ?? '', /^Set spec\.controlPlaneEndpoint\.advertiseAddress to 10\.0\.12\.2/);
    assert.ok(!allowsRun(findings));
  });

  test('with facts, an address on an interface is right whatever the cluster file says elsewhere', () => {
    const endpoint = { host: 'cluster-endpoint', address: '203.0.113.9', advertiseAddress: '10.99.0.1' };
    const interfaces = [{ name: 'eth1', mac: '02:00:00:00:01:00', mtu: 1500, addresses: ['10.99.0.1/24'] }];
    const view = viewWith('control-plane-1', { network: { interfaces } }, { controlPlaneEndpoint: endpoint });
    assert.equal(checkSpec(checks, view).length, 1);
    assert.deepEqual(linesOf(findingsOf(view)), []);
  });

  test('what is wrong with nodes that are not worked upon is left alone', () => {
    const view = viewWith('worker-1', { os: { packageManager: 'apt' } });
    assert.equal(findingsOf(view).length, 1);
    assert.deepEqual(findingsOf({ ...view, targets: ['worker-2'] }), []);
  });

  test('errors come before warnings', () => {
    const severities = checkView(checks, viewWith('worker-1', { os: { packageManager: 'apt' } })).map(
      (each) => each.severity,
    );
    assert.deepEqual(severities, severities.toSorted());
    assert.equal(severities[0], 'error');
  });
});

const cases: readonly (readonly [string, () => ClusterView, readonly RegExp[]])[] = [
  [
    'an advertise address on no interface',
    () =>
      exampleView({
        controlPlaneEndpoint: { host: 'cluster-endpoint', address: '10.0.0.11', advertiseAddress: '172.25.73.2' },
      }),
    [/^advertise-address \| error \| control-plane-1 \| .*172\.25\.73\.2 is on no interface/],
  ],
  [
    'an endpoint that only DNS can know',
    () => exampleView({ controlPlaneEndpoint: { host: 'api.example.org' } }),
    [/^endpoint-resolvable \| warning \| - \| api\.example\.org has no address/],
  ],
  [
    'an even number of control-plane nodes',
    () => highlyAvailable(2),
    [/^control-plane-count \| warning \| - \| 2 control-plane nodes survive the loss of none, as 1 would/],
  ],
  [
    'an address of one of several control-plane nodes that it does not have',
    () => {
      const view = highlyAvailable(3);
      const [first, ...others] = view.nodes;
      return { ...view, nodes: [{ ...first, spec: { ...first?.spec, address: '10.9.9.9' } } as NodeView, ...others] };
    },
    [/^advertise-address \| error \| control-plane-1 \| the address 10\.9\.9\.9, which .* is on no interface/],
  ],
  [
    'a control-plane node of another cluster behind the same endpoint',
    () => {
      const view = highlyAvailable(3);
      const caHashes = ['sha256:aa', 'sha256:bb', null];
      const nodes = view.nodes.map((node, index) => {
        const caHash = caHashes[index] ?? null;
        const membership = { ...member, caHash, controlPlane: true, etcdData: true };
        return caHash === null ? node : { ...node, facts: merge(node.facts, { membership }) as Facts };
      });
      return { ...view, nodes };
    },
    [/^cluster-membership \| error \| control-plane-2 \| .*CA is sha256:bb/],
  ],
  [
    'no pod network',
    () => exampleView({ networking: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16' } }),
    [/^pod-network \| warning/],
  ],
  [
    'a pod network over the machines’ own',
    () => exampleView({ networking: { podCidr: '10.0.0.0/16', serviceCidr: '10.96.0.0/16', manifest: 'x' } }),
    [/^network-overlap \| error \| control-plane-1/, /worker-1/, /worker-2/],
  ],
  [
    'a route into the service network',
    () =>
      viewWith('worker-1', {
        network: { routes: [{ destination: '10.96.4.0/24', gateway: '10.0.0.1', interface: 'tun0' }] },
      }),
    [/^network-overlap \| error \| worker-1 \| serviceCidr 10\.96\.0\.0\/16 overlaps/],
  ],
  [
    'a system without dnf or yum',
    () => viewWith('worker-1', { os: { packageManager: 'apt', prettyName: 'Debian 12' } }),
    [/^os-supported \| error \| worker-1 \| Debian 12 has apt/],
  ],
  [
    'a worker of another cluster',
    () => viewWith('worker-1', { membership: { ...member, apiServer: 'https://10.9.9.9:6443' } }),
    [/^cluster-membership \| error \| worker-1 \| .*https:\/\/10\.9\.9\.9:6443/],
  ],
  [
    'a member whose control plane is gone',
    () => viewWith('worker-1', { membership: member }),
    [/^cluster-membership \| error \| worker-1 \| .*no control plane yet/],
  ],
  [
    'a machine with a control plane as a worker',
    () => viewWith('worker-2', { membership: { controlPlane: true } }),
    [/^cluster-membership \| error \| worker-2 \| .*holds a control plane/],
  ],
  [
    'etcd data left over on the control plane',
    () => viewWith('control-plane-1', { membership: { etcdData: true } }),
    [/^cluster-membership \| error \| control-plane-1 \| .*etcd member are left/],
  ],
  [
    'a member of another version',
    () =>
      viewWith('control-plane-1', {
        membership: { ...member, controlPlane: true },
        kubernetes: { kubelet: '1.19.16' },
      }),
    [/^installed-version \| error \| control-plane-1 \| .*1\.19\.16.*1\.20\.2/],
  ],
  [
    'clones',
    () => viewWith('worker-2', { host: { machineId: exampleView().nodes[1]?.facts.host.machineId ?? '' } }),
    [/^machine-uniqueness \| error \| - \| worker-1, worker-2 have the same machine id/],
  ],
  [
    'two machines with one network card',
    () => {
      const [own, other] = [2, 1].map((index) => exampleView().nodes[index]?.facts.network.interfaces[0]);
      assert.ok(own && other);
      return viewWith('worker-2', { network: { interfaces: [{ ...own, mac: other.mac }] } });
    },
    [/^machine-uniqueness \| error \| - \| worker-1, worker-2 have the same MAC address/],
  ],
  [
    'a machine that was given another address than the cluster file says',
    () => {
      const view = exampleView();
      const nodes = view.nodes.map((node) =>
        node.spec.name === 'worker-1' ? { ...node, spec: { ...node.spec, address: '10.9.9.9' } } : node,
      );
      return { ...view, nodes };
    },
    [/^node-address \| error \| worker-1 \| the address 10\.9\.9\.9, .* is on no interface of it/],
  ],
  [
    'a clock that is behind',
    () => {
      const view = exampleView();
      return {
        ...view,
        nodes: view.nodes.map((node, index) => ({ ...node, clockSkewMs: index === 1 ? -9_000 : 4_000 })),
      };
    },
    [/^clock-skew \| error \| worker-1 \| the node’s clock is 9\.0 s behind/],
  ],
  [
    'somebody on the API server’s port',
    () =>
      viewWith('control-plane-1', {
        network: { listeners: [{ port: 6443, protocol: 'tcp', address: '0.0.0.0', process: 'nginx' }] },
      }),
    [/^ports-in-use \| error \| control-plane-1 \| port 6443, which the API server needs, is in use by nginx/],
  ],
  [
    'a small machine as control plane',
    () => viewWith('control-plane-1', { cpu: { count: 1 }, memory: { totalBytes: gibibyte } }),
    [/^cpu-and-memory \| error \| control-plane-1 \| .* 1 CPUs/, /1024 MiB/],
  ],
  [
    'a full disk',
    () => viewWith('worker-1', { disks: [{ mount: '/', sizeBytes: 40 * gibibyte, availableBytes: gibibyte }] }),
    [/^disk-space \| error \| worker-1 \| 1\.0 GiB are free/],
  ],
  [
    'a disk near the kubelet’s limit',
    () => viewWith('worker-1', { disks: [{ mount: '/', sizeBytes: 100 * gibibyte, availableBytes: 10 * gibibyte }] }),
    [/^disk-space \| warning \| worker-1 \| 10 % are free/],
  ],
  [
    'cgroup v2 under an old Kubernetes',
    () => viewWith('worker-1', { kernel: { cgroupVersion: 2 } }),
    [/^cgroup-version \| warning \| worker-1/],
  ],
  [
    'another cgroup driver on a bare machine',
    () => viewWith('worker-1', { docker: { cgroupDriver: 'cgroupfs' } }),
    [/^cgroup-driver \| warning \| worker-1 \| .*cgroupfs.* \| configure-docker$/],
  ],
  [
    'a fact that could not be read',
    () => viewWith('worker-1', { unreadable: [{ fact: 'selinux', reason: 'EIO' }] }),
    [/^facts-readable \| warning \| worker-1 \| the fact selinux/],
  ],
  [
    'another hostname',
    () => viewWith('worker-1', { host: { hostname: 'localhost' } }),
    [/^hostname \| warning \| worker-1 \| the hostname is localhost \| set-hostname$/],
  ],
  [
    'swap that is on',
    () => viewWith('worker-1', { swap: { active: [{ path: '/dev/sda2', kind: 'partition', sizeBytes: 1 }] } }),
    [/^swap \| warning \| worker-1 \| swap is on: \/dev\/sda2 \(partition\) \| disable-swap$/],
  ],
  [
    'SELinux that will be enforcing after a reboot',
    () => viewWith('worker-1', { selinux: { configured: 'enforcing' } }),
    [/^selinux \| warning \| worker-1 \| \/etc\/selinux\/config says enforcing \| configure-selinux$/],
  ],
];

suite('preflight finds', () => {
  for (const [title, view, expected] of cases) {
    test(title, () => {
      const lines = linesOf(findingsOf(view()));
      assert.equal(lines.length, expected.length, lines.join('\n'));
      expected.forEach((pattern, index) => assert.match(lines[index] ?? '', pattern));
    });
  }

  test('nothing that no case above or the bare machine shows', () => {
    const shown = new Set(cases.flatMap(([, view]) => checkView(checks, view()).map(({ check }) => check)));
    assert.deepEqual(
      [...checks.map(({ id }) => id)].filter((id) => !shown.has(id)),
      [],
    );
  });
});
