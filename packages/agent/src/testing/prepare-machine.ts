import type { Host } from '../host/host.ts';

/** Makes a simulated machine fit for kubeadm by plain commands: for tests of what comes afterwards. */
export async function prepareMachine(host: Host): Promise<void> {
  const run = (...argv: [string, ...string[]]) => host.run({ argv, timeoutMs: 600_000 });
  const repositories =
    '[docker-ce]\nbaseurl=http://mirror/docker-ce/\n[kubernetes]\nbaseurl=http://mirror/kubernetes/\n';
  await host.writeFile('/etc/yum.repos.d/site.repo', repositories, { mode: 0o644 });
  await host.writeFile('/etc/hosts', '10.213.0.11 cluster-endpoint\n', { mode: 0o644 });
  await run('dnf', '-y', 'install', 'docker-ce-20.10.24', 'docker-ce-cli-20.10.24', 'containerd.io-1.6.20');
  await run('dnf', '-y', 'install', 'kubelet-1.20.2', 'kubeadm-1.20.2', 'kubectl-1.20.2');
  await run('systemctl', 'enable', '--now', 'docker');
  await run('swapoff', '-a');
  await run('modprobe', 'br_netfilter');
  await run('sysctl', '-w', 'net.ipv4.ip_forward=1');
}
