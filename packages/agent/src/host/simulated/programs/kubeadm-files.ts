import type { Machine } from '../machine.ts';

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
