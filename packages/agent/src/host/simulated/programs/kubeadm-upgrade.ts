import { notPlayed, operands, type ProgramCall } from '../program.ts';
import { withNode } from '../world/cluster.ts';
import { writeManifests } from './kubeadm-files.ts';

/** `kubeadm upgrade apply VERSION --yes` and `kubeadm upgrade node`: to the version of the installed packages. */
export async function kubeadmUpgrade(call: ProgramCall): Promise<number> {
  const [, kind, wanted] = operands(call.args);
  if (kind !== 'apply' && kind !== 'node') return notPlayed(call, 'kubeadm');
  const { machine } = call;
  const { packages } = await machine.state();
  const version = `v${packages['kubeadm'] ?? '0.0.0'}`;
  if (kind === 'apply' && (wanted !== version || !call.args.includes('--yes'))) {
    call.complain(`[upgrade/version] FATAL: the --version argument is invalid: kubeadm is ${version}`);
    return 1;
  }
  call.print(`[upgrade/version] You have chosen to change the cluster version to "${version}"`);
  await call.work(600);
  if ((await machine.files.status('/etc/kubernetes/manifests/kube-apiserver.yaml')) !== undefined)
    await writeManifests(machine, version);
  call.print('[upgrade/staticpods] Component "kube-scheduler" upgraded successfully!');
  await call.work(200);
  machine.world.change((cluster) => {
    if (cluster === null) throw new Error('the API server does not answer');
    const upgraded = kind === 'apply' ? { ...cluster, version } : cluster;
    const node = Object.values(cluster.nodes).find(({ address }) => address === machine.settings.address);
    // The kubelet reports after its restart, which takes no time here.
    const kubeletVersion = `v${packages['kubelet'] ?? '0.0.0'}`;
    return {
      cluster: node === undefined ? upgraded : withNode(upgraded, { ...node, kubeletVersion }),
      answer: undefined,
    };
  });
  call.print('[upgrade] The configuration for this node was successfully updated!');
  return 0;
}
