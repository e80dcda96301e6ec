import { X509Certificate } from 'node:crypto';
import { hashPublicKey } from '@drover/core';
import { kubeletListener, setListeners } from '../listeners.ts';
import type { Machine } from '../machine.ts';
import { makeUuid } from '../make-uuid.ts';
import type { ProgramCall } from '../program.ts';
import { startUnit } from '../units.ts';
import { isTokenValid } from '../world/bootstrap-tokens.ts';
import { isNodeReady, type SimulatedCluster, type SimulatedNode, withNode } from '../world/cluster.ts';
import { writeKubeconfigs, writeKubelet } from './kubeadm-files.ts';
import { joinControlPlane, prepareControlPlane } from './kubeadm-join-control-plane.ts';
import { type PlayedDocument, preflight, readDocuments } from './kubeadm-preflight.ts';
import { nodeRuntime } from './node-runtime.ts';

type Discovery = NonNullable<NonNullable<PlayedDocument['discovery']>['bootstrapToken']>;

/** `kubeadm join`: the token, the pinned CA, the way to the endpoint and a control plane's key have to be right. */
export async function kubeadmJoin(call: ProgramCall): Promise<number> {
  const join = (await readDocuments(call)).find(({ kind }) => kind === 'JoinConfiguration');
  const discovery = join?.discovery?.bootstrapToken;
  if (discovery === undefined) {
    call.complain('discovery: Invalid value: "": bootstrapToken or file must be set');
    return 3;
  }
  call.print('[preflight] Running pre-flight checks');
  if (!(await preflight(call, 'join'))) return 1;
  const cluster = await discover(call, discovery);
  if (cluster === undefined) return 1;
  const { controlPlane } = join ?? {};
  if (controlPlane !== undefined && !(await prepareControlPlane(call, cluster, controlPlane))) return 1;
  const { name = await readHostname(call.machine), criSocket } = join?.nodeRegistration ?? {};
  if (!(await startKubelet(call, cluster, { name, criSocket }))) return 1;
  if (controlPlane !== undefined && !(await joinControlPlane(call, name))) return 1;
  call.print('This node has joined the cluster (simulated)');
  return 0;
}

async function readHostname({ files }: Machine): Promise<string> {
  return ((await files.readFile('/proc/sys/kernel/hostname')) ?? '').trim();
}

/** The cluster, when it and the token can be trusted. */
async function discover(call: ProgramCall, discovery: Discovery): Promise<SimulatedCluster | undefined> {
  await call.work(300);
  const refusal = await findRefusal(call.machine, discovery);
  const cluster = call.machine.world.cluster();
  if (refusal === undefined && cluster !== null) return cluster;
  await call.work(2_000);
  call.complain(`error execution phase preflight: couldn't validate the identity of the API Server: ${refusal}`);
  return undefined;
}

/** What its configuration says of the joining node. */
interface JoiningNode {
  readonly name: string;
  readonly criSocket: string | undefined;
}

/** From the bootstrap token to credentials of the kubelet's own. */
async function startKubelet(call: ProgramCall, cluster: SimulatedCluster, node: JoiningNode): Promise<boolean> {
  const { files } = call.machine;
  const server = `https://${cluster.endpoint}`;
  await files.writeFile('/etc/kubernetes/pki/ca.crt', cluster.caCertificate, { mode: 0o644 });
  await writeKubelet(call.machine, node.criSocket);
  await writeKubeconfigs(call.machine, { server, ca: cluster.caCertificate, names: ['bootstrap-kubelet'] });
  call.print('[kubelet-start] Starting the kubelet');
  await startUnit(call.machine, 'kubelet');
  await call.work(900);
  if (!(await register(call, node))) return false;
  await writeKubeconfigs(call.machine, { server, ca: cluster.caCertificate, names: ['kubelet'] });
  await files.removeFile('/etc/kubernetes/bootstrap-kubelet.conf');
  await setListeners(call.machine, [kubeletListener]);
  return true;
}

/** Why the API server is not trusted or not found, in kubeadm's order: the way to it, its CA, the token. */
async function findRefusal(machine: Machine, discovery: Discovery): Promise<string | undefined> {
  const cluster = machine.world.cluster();
  if (cluster === null || cluster.endpoint !== discovery.apiServerEndpoint)
    return `Get "https://${discovery.apiServerEndpoint}": connection refused`;
  const host = cluster.endpoint.replace(/:\d+$/, '');
  const addresses = Object.values(cluster.nodes).flatMap(({ controlPlane, address }) =>
    controlPlane ? [address] : [],
  );
  const found = await resolveName(machine, host);
  if (found === undefined) return `lookup ${host}: no such host`;
  if (!addresses.includes(found)) return `dial tcp ${found}: no route to host`;
  const hash = hashPublicKey(
    new X509Certificate(cluster.caCertificate).publicKey.export({ type: 'spki', format: 'der' }),
  );
  if (!(discovery.caCertHashes ?? []).includes(hash))
    return 'cluster CA found in cluster-info configmap is invalid: public key not pinned';
  if (!isTokenValid(cluster, discovery.token, machine.now()))
    return 'could not find a JWS signature in the cluster-info ConfigMap for this token';
  return undefined;
}

async function resolveName(machine: Machine, host: string): Promise<string | undefined> {
  if (/^[\d.]+$/.test(host)) return host;
  const lines = ((await machine.files.readFile('/etc/hosts')) ?? '')
    .split('\n')
    .map((line) => line.split('#')[0]?.trim().split(/\s+/) ?? []);
  return lines.find(([, ...names]) => names.includes(host))?.[0];
}

async function register(call: ProgramCall, { name, criSocket }: JoiningNode): Promise<boolean> {
  const { machine } = call;
  const runtime = await nodeRuntime(machine, criSocket);
  const { packages } = await machine.state();
  const ids = await readIds(machine);
  const now = machine.now();
  const isNew = machine.world.change((cluster) => {
    if (cluster === null) return { cluster, answer: false };
    const present = cluster.nodes[name];
    if (present !== undefined && isNodeReady(cluster, present, now, machine.settings.pace))
      return { cluster, answer: false };
    return { cluster: withWorker(cluster, name), answer: true };
  });
  if (!isNew)
    call.complain(
      `error execution phase kubelet-start: a Node with name "${name}" and status "Ready" already exists in the cluster`,
    );
  return isNew;

  function withWorker(cluster: SimulatedCluster, nodeName: string): SimulatedCluster {
    return withNode(cluster, {
      name: nodeName,
      uid: makeUuid(machine.randomBytes),
      address: machine.settings.address,
      kubeletVersion: `v${packages['kubelet'] ?? '0.0.0'}`,
      runtimeVersion: runtime.version,
      controlPlane: false,
      createdAt: now,
      labels: { 'kubernetes.io/hostname': nodeName },
      annotations: {},
      taints: [],
      ...ids,
    });
  }
}

/** What a kubelet reports of its machine. */
async function readIds({ files }: Machine): Promise<Pick<SimulatedNode, 'machineId' | 'bootId'>> {
  const [machineId = '', bootId = ''] = await Promise.all(
    ['/etc/machine-id', '/proc/sys/kernel/random/boot_id'].map((path) => files.readFile(path)),
  );
  return { machineId: machineId.trim(), bootId: bootId.trim() };
}
