import { controlPlaneListeners, kubeletListener, setListeners } from '../listeners.ts';
import { notPlayed, operands, type ProgramCall } from '../program.ts';
import { objectKey, type SimulatedCluster, withMember, withNode } from '../world/cluster.ts';
import { makeMember, writeKubeconfigs, writeManifests } from './kubeadm-files.ts';
import { digestCertificateKey, type PlayedDocument, readDocuments } from './kubeadm-preflight.ts';

/** What a control plane does before its kubelet starts: certificates under the key, kubeconfigs, static pods. */
export async function prepareControlPlane(
  call: ProgramCall,
  cluster: SimulatedCluster,
  { certificateKey = '' }: NonNullable<PlayedDocument['controlPlane']>,
): Promise<boolean> {
  const key = objectKey({ kind: 'Secret', namespace: 'kube-system', name: 'kubeadm-certs' });
  if (cluster.objects[key]?.text !== digestCertificateKey(certificateKey)) {
    call.complain(
      'error execution phase control-plane-prepare/download-certs: error downloading certs: error decoding',
    );
    return false;
  }
  call.print('[download-certs] Downloading the certificates in Secret "kubeadm-certs" in the "kube-system" Namespace');
  await call.work(200);
  await call.machine.files.writeFile('/etc/kubernetes/pki/ca.crt', cluster.caCertificate, { mode: 0o644 });
  const server = `https://${cluster.endpoint}`;
  await writeKubeconfigs(call.machine, { server, ca: cluster.caCertificate, names: ['admin'] });
  await writeManifests(call.machine, cluster.version);
  return true;
}

/** What it does once its kubelet is a member: etcd, then the role. */
export async function joinControlPlane(call: ProgramCall, nodeName: string): Promise<boolean> {
  const { machine } = call;
  call.print('[etcd] Announced new etcd member joining to the existing etcd cluster');
  machine.world.change((cluster) => ({
    cluster: cluster && withMember(cluster, makeMember(machine, nodeName)),
    answer: undefined,
  }));
  await call.work(400);
  await machine.files.writeFile('/var/lib/etcd/member/snap/db', 'simulated\n', { mode: 0o600 });
  await setListeners(machine, [...controlPlaneListeners, kubeletListener]);
  call.print('[upload-config] Storing the configuration used in ConfigMap "kubeadm-config"');
  await call.work(80);
  call.print(`[mark-control-plane] Marking the node ${nodeName} as control-plane`);
  return markControlPlane(call, nodeName);
}

/** `kubeadm join phase control-plane-join …`, for the phases after the member votes. */
export async function kubeadmJoinPhase(call: ProgramCall): Promise<number> {
  const [, , group, phase] = operands(call.args);
  if (group !== 'control-plane-join') return notPlayed(call, 'kubeadm');
  await call.work(80);
  if (phase === 'update-status') return 0;
  if (phase !== 'mark-control-plane') return notPlayed(call, 'kubeadm');
  const join = (await readDocuments(call)).find(({ kind }) => kind === 'JoinConfiguration');
  return markControlPlane(call, join?.nodeRegistration?.name ?? '') ? 0 : 1;
}

function markControlPlane(call: ProgramCall, nodeName: string): boolean {
  const roles = { 'node-role.kubernetes.io/control-plane': '', 'node-role.kubernetes.io/master': '' };
  const isMarked = call.machine.world.change((cluster) => {
    const node = cluster?.nodes[nodeName];
    if (cluster === null || node === undefined) return { cluster, answer: false };
    const marked = withNode(cluster, { ...node, controlPlane: true, labels: { ...node.labels, ...roles } });
    return { cluster: marked, answer: true };
  });
  if (!isMarked)
    call.complain(`error execution phase control-plane-join/mark-control-plane: nodes "${nodeName}" not found`);
  return isMarked;
}
