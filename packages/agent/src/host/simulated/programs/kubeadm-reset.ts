import { setListeners } from '../listeners.ts';
import type { ProgramCall } from '../program.ts';
import { stopUnit } from '../units.ts';

/** What `kubeadm reset` takes away, as far as it is ever put there in a simulation. */
const paths = [
  ...['admin', 'kubelet', 'bootstrap-kubelet'].map((name) => `/etc/kubernetes/${name}.conf`),
  '/etc/kubernetes/manifests/kube-apiserver.yaml',
  '/etc/kubernetes/pki/ca.crt',
  '/var/lib/etcd/member/snap/db',
  '/var/lib/kubelet/config.yaml',
];

/** `kubeadm reset --force`: with the only control plane's data the cluster is gone. */
export async function kubeadmReset(call: ProgramCall): Promise<number> {
  await call.work(500);
  const { machine } = call;
  const wasControlPlane = (await machine.files.status('/var/lib/etcd/member/snap/db')) !== undefined;
  for (const path of paths) await machine.files.removeFile(path);
  await stopUnit(machine, 'kubelet');
  await setListeners(machine, []);
  if (wasControlPlane) machine.world.change(() => ({ cluster: null, answer: undefined }));
  return 0;
}
