import { setListeners } from '../listeners.ts';
import { notPlayed, optionValues, type ProgramCall } from '../program.ts';
import { stopUnit } from '../units.ts';

/** What `kubeadm reset` takes away, as far as it is ever put there in a simulation. */
const paths = [
  ...['admin', 'kubelet', 'bootstrap-kubelet'].map((name) => `/etc/kubernetes/${name}.conf`),
  ...['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'].map(
    (name) => `/etc/kubernetes/manifests/${name}.yaml`,
  ),
  '/etc/kubernetes/pki/ca.crt',
  '/var/lib/kubelet/config.yaml',
];

/** `kubeadm reset --force --skip-phases=remove-etcd-member`: etcd's data and membership stay as they are. */
export async function kubeadmReset(call: ProgramCall): Promise<number> {
  if (optionValues(call.args, 'skip-phases')[0] !== 'remove-etcd-member') return notPlayed(call, 'kubeadm');
  call.print('[reset] Stopping the kubelet service');
  await call.work(500);
  const { machine } = call;
  for (const path of paths) {
    await machine.files.removeFile(path);
    if (path.endsWith('/kubelet.conf')) call.print('[reset] Deleting files');
  }
  await stopUnit(machine, 'kubelet');
  await setListeners(machine, []);
  return 0;
}
