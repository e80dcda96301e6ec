import type { Machine } from '../machine.ts';
import type { SimulatedMember } from '../world/cluster.ts';
import { nodeRuntime } from './node-runtime.ts';

/** A kubeconfig in the layout that kubeadm writes, with nothing secret in it. */
export function renderKubeconfig(server: string, ca: string, user: string): string {
  return [
    'apiVersion: v1',
    'clusters:',
    '- cluster:',
    `    certificate-authority-data: ${Buffer.from(ca).toString('base64')}`,
    `    server: ${server}`,
    '  name: kubernetes',
    'contexts:',
    '- context:',
    '    cluster: kubernetes',
    `    user: ${user}`,
    `  name: ${user}@kubernetes`,
    `current-context: ${user}@kubernetes`,
    'kind: Config',
    'preferences: {}',
    'users:',
    `- name: ${user}`,
    '  user:',
    '    token: simulated',
    '',
  ].join('\n');
}

/** Writes `/etc/kubernetes/<name>.conf` for each name. */
export async function writeKubeconfigs(
  machine: Machine,
  { server, ca, names }: { readonly server: string; readonly ca: string; readonly names: readonly string[] },
): Promise<void> {
  for (const name of names) {
    await machine.files.writeFile(`/etc/kubernetes/${name}.conf`, renderKubeconfig(server, ca, name), { mode: 0o600 });
  }
}

/** Writes the static pods of a control plane at a version, and etcd's, as far as anybody reads them. */
export async function writeManifests(machine: Machine, version: string): Promise<void> {
  const images = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((name) => [name, version]);
  for (const [name, tag] of [...images, ['etcd', '3.4.13-0']]) {
    const text = `# simulated\nspec:\n  containers:\n  - name: ${name}\n    image: simulated/${name}:${tag}\n`;
    await machine.files.writeFile(`/etc/kubernetes/manifests/${name}.yaml`, text, { mode: 0o600 });
  }
}

/** The kubelet's configuration, with its runtime's cgroup driver and, but for Docker's own shim, its runtime's socket. */
export async function writeKubelet(machine: Machine, criSocket: string | undefined): Promise<void> {
  const { cgroupDriver } = await nodeRuntime(machine, criSocket);
  const text = `kind: KubeletConfiguration\ncgroupDriver: ${cgroupDriver}\n`;
  await machine.files.writeFile('/var/lib/kubelet/config.yaml', text, { mode: 0o644 });
  const isShim = criSocket === undefined || criSocket.endsWith('/dockershim.sock');
  const flags = isShim ? '' : `KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=${criSocket}"\n`;
  if (!isShim) await machine.files.writeFile('/var/lib/kubelet/kubeadm-flags.env', flags, { mode: 0o644 });
}

/** An etcd member of this machine, with an id of its own. */
export function makeMember({ randomBytes, settings }: Machine, name: string): SimulatedMember {
  const id = Buffer.from(randomBytes(8)).readBigUInt64BE().toString();
  return { id, name, address: settings.address };
}
