import type { ActionParams } from '@drover/proto';
import { firewallScenarios } from './firewall-scenarios.ts';
import {
  caHashOf,
  findMember,
  initConfiguration,
  joinControlPlaneParams,
  joinParams,
  upgradeParams,
} from './membership-params.ts';
import type { AnyScenario } from './placed-scenario.ts';
import { runtimeScenarios } from './runtime-scenarios.ts';

/** What makes a bare machine fit for kubeadm. */
function preparing(node: 'control-plane-1' | 'worker-1'): readonly AnyScenario[] {
  return [...systemScenarios(node), ...softwareScenarios(node)];
}

function systemScenarios(node: 'control-plane-1' | 'worker-1'): readonly AnyScenario[] {
  return [
    {
      action: 'set-hostname',
      node,
      params: () => ({ hostname: node }),
      rejected: [{ hostname: '' }, { hostname: 'Worker_1' }, { hostname: '-option' }],
    },
    {
      action: 'configure-hosts',
      node,
      params: () => ({ entries: [{ address: '10.213.0.11', names: ['cluster-endpoint'] }] }),
      rejected: [
        { entries: [{ address: 'nowhere', names: ['x'] }] },
        { entries: [{ address: '10.0.0.1', names: [] }] },
        { entries: [{ address: '10.0.0.1', names: ['x\n127.0.0.1 bank'] }] },
      ],
    },
    {
      action: 'configure-selinux',
      node,
      params: () => ({ mode: 'PERMISSIVE' }),
      rejected: [{ mode: 'SELINUX_MODE_UNSPECIFIED' }],
    },
    { action: 'disable-swap', node, params: () => ({}) },
    {
      action: 'load-kernel-modules',
      node,
      params: () => ({ modules: ['overlay', 'br_netfilter'] }),
      rejected: [{ modules: ['../evil'] }, { modules: ['-r'] }, { modules: [''] }],
    },
    {
      action: 'configure-sysctl',
      node,
      params: () => ({ values: { 'net.bridge.bridge-nf-call-iptables': '1', 'net.ipv4.ip_forward': '1' } }),
      rejected: [{ values: { '../../etc/passwd': '1' } }, { values: { 'net.ipv4.ip_forward': '1\nkernel.panic = 1' } }],
    },
  ];
}

function softwareScenarios(node: 'control-plane-1' | 'worker-1'): readonly AnyScenario[] {
  return [
    { action: 'configure-repository', node, params: () => repository('docker-ce'), rejected: wrongRepositories },
    { action: 'configure-repository', node, params: () => repository('kubernetes', ['kubelet', 'kubeadm', 'kubectl']) },
    {
      action: 'install-packages',
      node,
      params: () =>
        packages('docker-ce', { 'docker-ce': '20.10.24', 'docker-ce-cli': '20.10.24', 'containerd.io': '1.6.20' }),
      rejected: [
        packages('', {}),
        packages('', { '-x': '1' }),
        packages('', { kubelet: '1.20.2 -y' }),
        packages('a b', { kubelet: '1' }),
      ],
    },
    ...runtimeScenarios(node),
    {
      action: 'enable-service',
      node,
      params: () => ({ unit: 'docker.service', running: true }),
      rejected: [
        { unit: 'docker', running: true },
        { unit: '--now', running: true },
      ],
    },
    {
      action: 'install-packages',
      node,
      params: () => packages('kubernetes', { kubelet: '1.20.2', kubeadm: '1.20.2', kubectl: '1.20.2' }),
    },
    { action: 'enable-service', node, params: () => ({ unit: 'kubelet.service', running: false }) },
    {
      action: 'pull-images',
      node,
      params: () => ({
        runtime: 'docker',
        images: ['10.213.0.1:5000/kubernetes/kube-proxy:v1.20.2', '10.213.0.1:5000/kubernetes/pause:3.2'],
      }),
      rejected: [
        { runtime: 'docker', images: ['--all-tags'] },
        { runtime: 'docker', images: [''] },
        { runtime: 'podman', images: ['pause:3.2'] },
      ],
    },
  ];
}

const endpointPod = JSON.stringify({
  ...{ kind: 'Pod', metadata: { name: 'haproxy', namespace: 'kube-system' } },
  spec: { hostNetwork: true, containers: [] },
});

function repository(id: string, exclude: string[] = []): ActionParams<'configure-repository'> {
  return { id, name: id, baseUrl: `http://10.213.0.1:8080/${id}/`, gpgCheck: false, gpgKeys: [], exclude, apt: null };
}

const wrongRepositories = [
  { ...repository('x'), id: '../x' },
  { ...repository('x'), baseUrl: 'nowhere' },
  { ...repository('x'), name: 'x\ngpgcheck=0' },
  { ...repository('x'), gpgKeys: ['http://a b'] },
];

function packages(repositoryId: string, versions: Readonly<Record<string, string>>): ActionParams<'install-packages'> {
  const wanted = Object.entries(versions).map(([name, version]) => ({ name, version }));
  return { packages: wanted, repository: repositoryId };
}

const network =
  'apiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: network\n  namespace: kube-system\nspec: {}\n';

/** A way to try every ensure action, in the order in which a bring-up comes to them. A new action is a line here. */
export const actionScenarios: readonly AnyScenario[] = [
  ...(['control-plane-1', 'worker-1'] as const).flatMap(preparing),
  ...firewallScenarios,
  {
    action: 'init-control-plane',
    node: 'control-plane-1',
    params: () => ({ kubeadmConfig: initConfiguration, ignoredPreflightErrors: [], patches: [], skippedPhases: [] }),
    rejected: [{ kubeadmConfig: 'no JSON', ignoredPreflightErrors: [], patches: [], skippedPhases: [] }],
  },
  { action: 'write-kubeconfig', node: 'control-plane-1', params: () => ({ user: 'operator' }) },
  { action: 'apply-manifest', node: 'control-plane-1', params: () => ({ name: 'network', manifest: network }) },
  { action: 'join-node', node: 'worker-1', params: joinParams },
  {
    action: 'configure-node',
    node: 'control-plane-1',
    params: () => ({
      nodeName: 'worker-1',
      labels: { disk: 'ssd' },
      taints: [],
      remembered: { labels: { rack: '7' }, annotations: { owner: 'ops' }, taints: [], unschedulable: false },
    }),
  },
  {
    action: 'wait-nodes-ready',
    node: 'control-plane-1',
    params: () => ({ nodeNames: ['control-plane-1', 'worker-1'], kubernetesVersion: 'v1.20.2' }),
    mayBeSatisfiedAlready: true,
  },
  {
    action: 'verify-capability',
    node: 'control-plane-1',
    params: () => ({ capability: 'SERVICE', image: 'busybox:1.35' }),
    rejected: [{ capability: 'CAPABILITY_UNSPECIFIED', image: 'busybox:1.35' }],
  },
  {
    action: 'join-control-plane',
    node: 'control-plane-2',
    params: (site) => joinControlPlaneParams(site, 'control-plane-2'),
  },
  {
    action: 'join-control-plane',
    node: 'control-plane-3',
    params: (site) => joinControlPlaneParams(site, 'control-plane-3'),
  },
  {
    action: 'upgrade-node',
    node: 'control-plane-1',
    params: upgradeParams,
    rejected: [{ nodeName: 'control-plane-1', kubernetesVersion: '1.20', first: true, ignoredPreflightErrors: [] }],
  },
  {
    action: 'remove-etcd-member',
    node: 'control-plane-1',
    params: (site) => findMember(site, 'control-plane-3'),
    rejected: [
      { memberId: '-x', name: 'control-plane-3', peerUrl: 'https://10.213.0.14:2380' },
      { memberId: 'a', name: 'control-plane-3', peerUrl: 'nowhere' },
    ],
  },
  {
    action: 'drain-node',
    node: 'control-plane-1',
    params: () => ({ nodeName: 'worker-1', deleteUnmanagedPods: false }),
  },
  {
    action: 'serve-endpoint',
    node: 'control-plane-1',
    params: () => ({
      pods: [{ name: 'haproxy', manifest: endpointPod }],
      files: [{ name: 'haproxy.cfg', content: 'defaults\n', executable: false }],
    }),
    rejected: [
      { pods: [{ name: '../x', manifest: endpointPod }], files: [] },
      { pods: [{ name: 'x', manifest: '{}' }], files: [] },
      { pods: [], files: [{ name: '../x', content: '', executable: true }] },
    ],
  },
  {
    action: 'snapshot-etcd',
    node: 'control-plane-1',
    params: () => ({ name: 'before-a-change', keep: 3 }),
    rejected: [
      { name: '../x', keep: 3 },
      { name: 'x', keep: 0 },
    ],
  },
  {
    action: 'remove-node-object',
    node: 'control-plane-1',
    params: (site) => ({ nodeName: 'control-plane-3', uid: site.world.cluster()?.nodes['control-plane-3']?.uid ?? '' }),
    rejected: [
      { nodeName: '../x', uid: '00000000-0000-0000-0000-000000000000' },
      { nodeName: 'control-plane-3', uid: '' },
    ],
  },
  {
    action: 'reset-node',
    node: 'control-plane-3',
    params: (site) => ({
      caHash: caHashOf(site),
      endsCluster: false,
      etcdEndpoints: ['https://10.213.0.11:2379'],
      podCidr: '10.244.0.0/16',
    }),
    rejected: [{ caHash: 'sha256:no', endsCluster: false, etcdEndpoints: [], podCidr: '' }],
  },
];
