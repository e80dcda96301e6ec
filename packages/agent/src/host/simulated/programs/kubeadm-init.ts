import { controlPlaneListeners, kubeletListener, setListeners } from '../listeners.ts';
import type { Machine } from '../machine.ts';
import { makeUuid } from '../make-uuid.ts';
import { notPlayed, operands, optionValues, type ProgramCall } from '../program.ts';
import { startUnit } from '../units.ts';
import { makeCaCertificate } from '../world/ca-certificate.ts';
import { type SimulatedCluster, withNode, withObjects } from '../world/cluster.ts';
import { makeMember, writeKubeconfigs, writeKubelet, writeManifests } from './kubeadm-files.ts';
import { digestCertificateKey, type PlayedDocument, preflight, readDocuments } from './kubeadm-preflight.ts';
import { nodeRuntime } from './node-runtime.ts';

/** What an init is about. */
interface Init {
  readonly endpoint: string;
  readonly version: string;
  readonly nodeName: string;
  readonly advertiseAddress: string;
  readonly criSocket: string | undefined;
  readonly skippedPhases: readonly string[];
  /** The ClusterConfiguration as it was given, JSON. */
  readonly configuration: string;
}

/** `kubeadm init`: files, then a cluster in the world, then what its last phases leave there. */
export async function kubeadmInit(call: ProgramCall): Promise<number> {
  const init = await readInit(call);
  call.print(`[init] Using Kubernetes version: ${init.version}`);
  if (!(await preflight(call, 'init'))) return 1;
  await call.work(300);
  call.print('[certs] Generating "ca" certificate and key');
  const ca = makeCaCertificate(call.machine.now(), call.machine.randomBytes);
  await call.machine.files.writeFile('/etc/kubernetes/pki/ca.crt', ca, { mode: 0o644 });
  await call.work(300);
  await writeKubeconfigs(call.machine, { server: `https://${init.endpoint}`, ca, names: ['admin', 'kubelet'] });
  await writeManifests(call.machine, init.version);
  call.print('[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods');
  await call.work(1_000);
  if (init.advertiseAddress !== call.machine.settings.address) {
    await call.work(3_000);
    call.complain("error execution phase wait-control-plane: couldn't initialize a Kubernetes cluster");
    return 1;
  }
  await bootControlPlane(call.machine, init, ca);
  for (const phase of lastPhases.filter((name) => !isSkipped(call, init, name))) await runPhase(call, phase, init);
  call.print('Your Kubernetes control-plane has initialized successfully! (simulated)');
  return 0;
}

const lastPhases = [
  'upload-config',
  'mark-control-plane',
  'bootstrap-token',
  'kubelet-finalize',
  'addon/coredns',
  'addon/kube-proxy',
];

/** `kubeadm init phase …`, for the phases after the API first answered. */
export async function kubeadmInitPhase(call: ProgramCall): Promise<number> {
  const [, , first = '', second = ''] = operands(call.args);
  const phase = first === 'addon' ? `addon/${second}` : first;
  if (phase === 'upload-certs') return uploadCertificates(call);
  if (!lastPhases.includes(phase)) return notPlayed(call, 'kubeadm');
  await runPhase(call, phase, await readInit(call));
  return 0;
}

/** Under the key of the configuration file. What is kept is a digest: a join has to come with the same key. */
async function uploadCertificates(call: ProgramCall): Promise<number> {
  const init = (await readDocuments(call)).find(({ kind }) => kind === 'InitConfiguration');
  if (init?.certificateKey === undefined || !call.args.includes('--upload-certs')) return notPlayed(call, 'kubeadm');
  const text = digestCertificateKey(init.certificateKey);
  const object = {
    kind: 'Secret',
    namespace: 'kube-system',
    name: 'kubeadm-certs',
    text,
    appliedAt: call.machine.now(),
  };
  call.machine.world.change((cluster) => ({ cluster: cluster && withObjects(cluster, [object]), answer: undefined }));
  call.print('[upload-certs] Storing the certificates in Secret "kubeadm-certs" in the "kube-system" Namespace');
  return 0;
}

async function bootControlPlane(machine: Machine, init: Init, caCertificate: string): Promise<void> {
  const { packages } = await machine.state();
  const runtime = await nodeRuntime(machine, init.criSocket);
  const now = machine.now();
  machine.world.change(() => {
    const empty: SimulatedCluster = {
      endpoint: init.endpoint,
      version: init.version,
      caCertificate,
      createdAt: now,
      nodes: {},
      objects: {},
      etcdMembers: [makeMember(machine, init.nodeName)],
      revision: 0,
    };
    const node = {
      name: init.nodeName,
      uid: makeUuid(machine.randomBytes),
      address: machine.settings.address,
      kubeletVersion: `v${packages['kubelet'] ?? '0.0.0'}`,
      runtimeVersion: runtime.version,
      controlPlane: true,
      createdAt: now,
      labels: { 'kubernetes.io/hostname': init.nodeName },
      annotations: {},
      taints: [],
    };
    return { cluster: withNode(empty, node), answer: undefined };
  });
  await machine.files.writeFile('/var/lib/etcd/member/snap/db', 'simulated\n', { mode: 0o600 });
  await writeKubelet(machine, init.criSocket);
  await startUnit(machine, 'kubelet');
  await setListeners(machine, [...controlPlaneListeners, kubeletListener]);
}

async function runPhase(call: ProgramCall, phase: string, init: Init): Promise<void> {
  call.print(`[${phase}] (simulated)`);
  await call.work(80);
  const { world } = call.machine;
  const appliedAt = call.machine.now();
  world.change((cluster) => {
    if (cluster === null) throw new Error('the API server does not answer');
    return { cluster: withPhase(cluster, phase, init, appliedAt), answer: undefined };
  });
}

function withPhase(cluster: SimulatedCluster, phase: string, init: Init, appliedAt: number): SimulatedCluster {
  const { nodeName, configuration } = init;
  const object = (kind: string, namespace: string, name: string, text = '') =>
    withObjects(cluster, [{ kind, namespace, name, text, appliedAt }]);
  if (phase === 'upload-config') return object('ConfigMap', 'kube-system', 'kubeadm-config', configuration);
  if (phase === 'bootstrap-token') return object('ConfigMap', 'kube-public', 'cluster-info');
  if (phase === 'kubelet-finalize') return cluster;
  if (phase === 'addon/coredns') return object('Deployment', 'kube-system', 'coredns');
  if (phase === 'addon/kube-proxy') return object('DaemonSet', 'kube-system', 'kube-proxy');
  const node = cluster.nodes[nodeName];
  if (node === undefined) throw new Error(`nodes "${nodeName}" not found`);
  const roles = { 'node-role.kubernetes.io/control-plane': '', 'node-role.kubernetes.io/master': '' };
  const taints = [...node.taints, { key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }];
  return withNode(cluster, { ...node, labels: { ...node.labels, ...roles }, taints });
}

async function readInit(call: ProgramCall): Promise<Init> {
  const documents = await readDocuments(call);
  const find = (kind: string): PlayedDocument => documents.find((document) => document.kind === kind) ?? { kind };
  const configuration = find('ClusterConfiguration');
  const { controlPlaneEndpoint = call.machine.settings.address, kubernetesVersion = 'v1.20.2' } = configuration;
  const { nodeRegistration, localAPIEndpoint, skipPhases = [] } = find('InitConfiguration');
  const hostname = ((await call.machine.files.readFile('/proc/sys/kernel/hostname')) ?? '').trim();
  return {
    endpoint: /:\d+$/.test(controlPlaneEndpoint) ? controlPlaneEndpoint : `${controlPlaneEndpoint}:6443`,
    version: kubernetesVersion,
    nodeName: nodeRegistration?.name ?? hostname,
    advertiseAddress: localAPIEndpoint?.advertiseAddress ?? call.machine.settings.address,
    criSocket: nodeRegistration?.criSocket,
    skippedPhases: skipPhases,
    configuration: JSON.stringify(configuration),
  };
}

/** The flag takes precedence over the file. */
function isSkipped(call: ProgramCall, { skippedPhases }: Init, phase: string): boolean {
  const flagged = optionValues(call.args, 'skip-phases').flatMap((list) => list.split(','));
  const skipped = flagged.length > 0 ? flagged : skippedPhases;
  return skipped.some((name) => phase === name || phase.startsWith(`${name}/`));
}
