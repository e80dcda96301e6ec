import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../integration/until.ts';
import { drover, droverJson, lab, npm, onHost, repositoryRoot } from '../quick-start.ts';

const example = join(repositoryRoot, 'deploy', 'examples', 'ha-lab.yaml');

/** The control-plane nodes of the example, in its order. Their addresses are .11, .12 and .13. */
export const controlPlanes = ['control-plane-1', 'control-plane-2', 'control-plane-3'] as const;

/** So long anything may take on a busy machine that puts a node back into its cluster. */
export const rejoinMs = 10 * 60_000;

/** The lab of `npm start` with a cluster of three control-plane nodes and a worker, and its machines' provisioner. */
export interface Site {
  /** Takes away whatever an earlier run left. */
  prepare(): Promise<void>;
  dispose(): Promise<void>;
  /** The example as it is for this lab, where control-plane nodes come back by themselves; or a changed copy of it. */
  clusterFile(change?: (text: string) => string): Promise<string>;
  /** The file that the node's provisioner gives to its machine with each image: a cloud-config with the node's credential. */
  userDataOf(node: string): Promise<string>;
  /** Throws a machine's disk away and starts it as its provisioner does. Nothing of this asks Drover for anything. */
  reimage(node: string): Promise<void>;
}

/** Nothing is made before `prepare`. */
export function createSite(): Site {
  let folder = '';
  const userData = new Map<string, string>();
  const userDataOf: Site['userDataOf'] = async (node) => {
    const known = userData.get(node);
    if (known !== undefined) return known;
    const file = join(folder, node);
    const { exitCode, all } = await drover('enroll', 'snippet', node, '--format', 'cloud-init', '--out', file);
    assert.equal(exitCode, 0, all);
    userData.set(node, file);
    return file;
  };
  return {
    userDataOf,
    prepare: async () => {
      folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
      await npm('run', 'lab', '--', 'down');
    },
    dispose: async () => {
      await npm('run', 'lab', '--', 'down');
      await rm(folder, { recursive: true, force: true });
    },
    clusterFile: async (change = (text) => text) => {
      const file = join(folder, 'cluster.yaml');
      await writeFile(file, change(await readExample()));
      return file;
    },
    reimage: async (node) => {
      const file = await userDataOf(node);
      const { exitCode, all } = await npm('run', 'lab', '--', 'reimage', node, '--user-data', file);
      assert.equal(exitCode, 0, all);
    },
  };
}

async function readExample(): Promise<string> {
  const text = (await readFile(example, 'utf8')).replaceAll('10.213.0.', `${lab.subnet}.`);
  // A lab of another subnet has a manifest of its own in its place.
  const manifests = lab.subnet === '10.213.0' ? join(repositoryRoot, 'deploy', 'lab', 'manifests') : lab.directory;
  return text
    .replace('../lab/manifests/network.yaml', join(manifests, 'network.yaml'))
    .replaceAll('role: control-plane', 'role: control-plane\n      rejoin: auto');
}

/** kubectl on a control-plane node, as its administrator. */
export function adminKubectl(node: string, ...argv: readonly string[]): Promise<string> {
  return onHost(node, 'kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', ...argv);
}

/** Whether the API behind the endpoint answers a node's kubelet. */
export async function isAnswered(node: string): Promise<boolean> {
  const asKubelet = ['kubectl', '--kubeconfig=/etc/kubernetes/kubelet.conf', '--request-timeout=5s'] as const;
  return await onHost(node, ...asKubelet, 'get', 'node', node).then(
    () => true,
    () => false,
  );
}

/** By name, as one control-plane node's API server sees them; none while it does not answer. */
export async function readyNodes(by: string): Promise<readonly string[]> {
  const lines = await adminKubectl(by, 'get', 'nodes', '--no-headers').catch(() => '');
  return lines.split('\n').flatMap((line) => /^(\S+) +Ready /.exec(line)?.[1] ?? []);
}

/** What /etc/hosts of a node says of the endpoint. */
export async function endpointOf(node: string): Promise<readonly string[]> {
  const lines = (await onHost(node, 'cat', '/etc/hosts')).split('\n');
  return lines.filter((line) => line.endsWith(' cluster-endpoint')).map((line) => line.split(' ')[0] ?? '');
}

/** A node as `drover get nodes` shows it. */
export interface NodeDocument {
  readonly name: string;
  readonly incarnation: number;
  readonly connected: boolean;
  readonly rejoin?: {
    readonly state: string;
    readonly runId?: string;
    readonly waiting?: { readonly on: string };
    readonly problem?: { readonly code: string; readonly reason: string; readonly remedy: string };
  };
}

/** Throws where there is none. */
export async function nodeDocument(name: string): Promise<NodeDocument> {
  const nodes = await droverJson<readonly NodeDocument[]>('get', 'nodes');
  const found = nodes.find((node) => node.name === name);
  assert.ok(found, name);
  return found;
}

/** Until a rejoin that this node had not begun yet is over, and it is a member again; retried where it was blocked meanwhile. */
export async function untilRejoined(name: string): Promise<void> {
  let rejoin: NodeDocument['rejoin'];
  await until(
    () => `the rejoin of ${name} to be done: ${JSON.stringify(rejoin)}`,
    async () => {
      rejoin = (await nodeDocument(name)).rejoin;
      return rejoin?.state === 'done';
    },
    rejoinMs,
  );
}

/** Until all control-plane nodes vote, all nodes are Ready and all agents connected, as one of them sees it. */
export async function untilWhole(by: string): Promise<void> {
  await until(
    () => 'all four nodes to be Ready',
    async () => (await readyNodes(by)).length === 4,
    rejoinMs,
  );
  await until(
    () => 'all agents to be connected',
    async () => (await droverJson<readonly NodeDocument[]>('get', 'nodes')).every(({ connected }) => connected),
    rejoinMs,
  );
}
