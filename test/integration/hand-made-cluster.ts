import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulatedHost } from '@drover/agent/testing';
import type { LabMachine } from './simulated-lab.ts';

type Host = Awaited<ReturnType<typeof createSimulatedHost>>;

/** A machine that becomes a node by a person's hands. */
export interface HandMadeNode {
  readonly name: string;
  readonly address: string;
  /** A control-plane node reaches itself under the endpoint's name, whichever the others reach. @default 'worker', but for the first */
  readonly role?: 'control-plane' | 'worker';
}

const repositories = {
  'docker-ce.repo': '[docker-ce]\nname=Docker CE\nbaseurl=http://10.213.0.1:8080/docker-ce/\ngpgcheck=0\n',
  'kubernetes.repo':
    '[kubernetes]\nname=Kubernetes\nbaseurl=http://10.213.0.1:8080/kubernetes/\ngpgcheck=0\nexclude=kubelet kubeadm kubectl\n',
};
const packages = [
  ...['docker-ce-20.10.24', 'docker-ce-cli-20.10.24', 'containerd.io-1.6.20'],
  ...['kubelet-1.20.2', 'kubeadm-1.20.2', 'kubectl-1.20.2'],
];
const daemonConfiguration = {
  'exec-opts': ['native.cgroupdriver=systemd'],
  'log-driver': 'json-file',
  'log-opts': { 'max-size': '50m' },
  'storage-driver': 'overlay2',
  'insecure-registries': ['10.213.0.1:5000'],
};
const endpoint = 'old-api:6443';
const token = 'abcdef.0123456789abcdef';

/**
 * Makes a cluster of simulated machines as a person does who reads kubeadm's documentation: packages, Docker, `kubeadm init`
 * on the first, a token, `kubeadm join` on the others. Nothing of Drover has a part in it.
 */
export async function makeClusterByHand(
  nodes: readonly (HandMadeNode & { readonly machine: Pick<LabMachine, 'directory'> })[],
): Promise<void> {
  const [first, ...others] = await Promise.all(
    nodes.map(async (node) => ({ ...node, host: await createSimulatedHost({ directory: node.machine.directory }) })),
  );
  if (first === undefined) throw new RangeError('a cluster has a node at least');
  for (const { host, name } of [first, ...others]) await prepare(host, name, first.address);
  await init(first.host, first);
  for (const node of others) await joinTo(first.host, node.host, node);
}

/** What a person types there, as a command of its own. */
async function type(host: Host, ...argv: readonly [string, ...string[]]): Promise<void> {
  await host.run({ argv: [...argv], timeoutMs: 30_000 });
}

async function prepare(host: Host, name: string, apiAddress: string): Promise<void> {
  const write = (path: string, text: string) => host.writeFile(path, text, { mode: 0o644 });
  await type(host, 'hostnamectl', 'set-hostname', name);
  await write('/etc/hosts', `${(await host.readFile('/etc/hosts')) ?? ''}${apiAddress} old-api\n`);
  for (const [file, text] of Object.entries(repositories)) await write(`/etc/yum.repos.d/${file}`, text);
  await write('/etc/docker/daemon.json', JSON.stringify(daemonConfiguration));
  await type(host, 'dnf', 'install', '-y', '--disableexcludes=kubernetes', ...packages);
  await type(host, 'swapoff', '-a');
  await type(host, 'modprobe', 'overlay', 'br_netfilter');
  await type(host, 'sysctl', '-w', 'net.ipv4.ip_forward=1');
  await type(host, 'systemctl', 'enable', '--now', 'docker');
  await type(host, 'systemctl', 'enable', 'kubelet');
}

async function init(host: Host, { name, address }: HandMadeNode): Promise<void> {
  await kubeadm(host, 'init', [
    { kind: 'InitConfiguration', nodeRegistration: { name }, localAPIEndpoint: { advertiseAddress: address } },
    {
      kind: 'ClusterConfiguration',
      kubernetesVersion: 'v1.20.2',
      controlPlaneEndpoint: endpoint,
      imageRepository: '10.213.0.1:5000/kubernetes',
      networking: { podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/12' },
    },
  ]);
  const network = await readFile(join(import.meta.dirname, '../../deploy/lab/manifests/network.yaml'), 'utf8');
  await kubectl(host, ['apply', '-f', '-'], network);
  const [id, secret] = token.split('.');
  const data = { 'token-id': id, 'token-secret': secret, expiration: new Date(Date.now() + 600_000).toISOString() };
  const bootstrap = {
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    stringData: data,
  };
  await kubectl(host, ['create', '-f', '-'], JSON.stringify(bootstrap));
}

async function joinTo(controlPlane: Host, host: Host, { name, address, role }: HandMadeNode): Promise<void> {
  const ca = new X509Certificate((await controlPlane.readFile('/etc/kubernetes/pki/ca.crt')) ?? '');
  const key = ca.publicKey.export({ type: 'spki', format: 'der' });
  const caCertHashes = [`sha256:${createHash('sha256').update(key).digest('hex')}`];
  const discovery = { bootstrapToken: { token, apiServerEndpoint: endpoint, caCertHashes } };
  const configuration = { kind: 'JoinConfiguration', nodeRegistration: { name }, discovery };
  if (role !== 'control-plane') return await kubeadm(host, 'join', [configuration]);
  const certificateKey = 'ab'.repeat(32);
  await kubeadm(controlPlane, 'init', [{ kind: 'InitConfiguration', certificateKey }], 'upload-certs');
  await kubeadm(host, 'join', [
    { ...configuration, controlPlane: { certificateKey, localAPIEndpoint: { advertiseAddress: address } } },
  ]);
  const hosts = ((await host.readFile('/etc/hosts')) ?? '').replace(/^.* old-api$/m, `${address} old-api`);
  await host.writeFile('/etc/hosts', hosts, { mode: 0o644 });
}

async function kubeadm(
  host: Host,
  verb: 'init' | 'join',
  documents: readonly object[],
  phase?: 'upload-certs',
): Promise<void> {
  const path = `/root/${verb}.yaml`;
  await host.writeFile(path, documents.map((each) => JSON.stringify(each)).join('\n---\n'), { mode: 0o600 });
  await type(host, 'kubeadm', verb, ...(phase === undefined ? [] : ['phase', phase, `--${phase}`]), `--config=${path}`);
}

/** As a person does on a control-plane node. */
export async function kubectl(host: Host, args: readonly string[], input = ''): Promise<void> {
  await host.run({ argv: ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...args], input, timeoutMs: 30_000 });
}
