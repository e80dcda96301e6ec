import type { ActionParams } from '@drover/proto';
import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../errors.ts';
import type { Command, ReadonlyHost } from '../host/host.ts';
import type { ApplyContext, EnsureAction, InspectContext } from './action.ts';
import { localEtcd, readRevision } from './kubernetes/etcd.ts';
import { kubeletEndpoint } from './kubernetes/kubelet-endpoint.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { command } from './shell/quote.ts';

type Params = ActionParams<'snapshot-etcd'>;

/** Where the container of etcd and the machine both see a new snapshot: kubeadm mounts this folder into it. */
const exchange = '/var/lib/etcd/drover-snapshot.db';

/** Where kubeadm mounts etcd's certificates into its container. */
const pki = '/etc/kubernetes/pki/etcd';

const credentials = [
  `--cacert=${pki}/ca.crt`,
  `--cert=${pki}/healthcheck-client.crt`,
  `--key=${pki}/healthcheck-client.key`,
];

const SnapshotStatus = Type.Object({ revision: Type.Number(), totalKey: Type.Number(), totalSize: Type.Number() });

/**
 * A snapshot of etcd's data by its own etcdctl, looked into afterwards: it is as new as a linearizable read that came
 * before it. It lies in `etcd-snapshots` of the agent's state directory, which is root's alone, as `<time>-<name>.db`; the
 * oldest beyond `keep` are removed. Throws `snapshot-failed`.
 */
export const snapshotEtcd: EnsureAction<'snapshot-etcd'> = {
  kind: 'ensure',
  name: 'snapshot-etcd',
  // What counts is how new it is: one that is there already proves nothing.
  proof: true,
  inspect: async (context, params) => {
    checkParameters(context.nodeName, params);
    const after = `a new one in ${folderOf(context)}`;
    return { satisfied: false, changes: [{ subject: `snapshot ${params.name}`, before: 'none', after }] };
  },
  apply: async (context, params) => {
    const { host } = context;
    const revision = await readRevision(context);
    const containers = await containersOf(host);
    const etcd: Command['argv'] = [...containers.exec, await findContainer(context, params, containers)];
    await host.removeFile(exchange);
    await host.run(etcdctl(context, etcd, ['snapshot', 'save', exchange]));
    const status = await readStatus(context, etcd, params, revision);
    const path = `${folderOf(context)}/${timestamp(context)}-${params.name}.db`;
    await keepSnapshot(context, path);
    await removeOldest(context, params.keep);
    const after = `${path}: revision ${status.revision}, ${status.totalKey} keys, ${status.totalSize} bytes`;
    return [{ subject: `snapshot ${params.name}`, before: 'none', after }];
  },
  byHand: async (context, { name }) => {
    const { find, exec } = await containersOf(context.host);
    const path = `${folderOf(context)}/by-hand-${name}.db`;
    return [
      `etcd=$(${command(...find)})`,
      `${command(...exec)} "$etcd" ${command('etcdctl', `--endpoints=${localEtcd}`, ...credentials, 'snapshot', 'save', exchange)}`,
      command('install', '-d', '-m', '0700', folderOf(context)),
      command('mv', exchange, path),
      command('chmod', '0600', path),
    ];
  },
};

function checkParameters(node: string, { name, keep }: Params): void {
  rejectFaults('snapshot-etcd', node, [
    ...faultUnless(/^[a-z0-9][-.a-z0-9]{0,99}$/.test(name), 'name', `is no name of a snapshot: "${name}"`),
    ...faultUnless(keep >= 1, 'keep', 'has to be 1 at least'),
  ]);
}

/** How the node's runtime is asked for etcd's container, and to run something in it. */
interface NodeContainers {
  readonly find: Command['argv'];
  /** The container and its command follow. */
  readonly exec: Command['argv'];
}

async function containersOf(host: ReadonlyHost): Promise<NodeContainers> {
  const endpoint = await kubeletEndpoint(host);
  const label = 'label=io.kubernetes.container.name=etcd';
  if (endpoint === undefined || endpoint.endsWith('/cri-dockerd.sock')) {
    return {
      find: ['docker', 'ps', '--quiet', '--no-trunc', `--filter=${label}`],
      exec: ['docker', 'exec'],
    };
  }
  const crictl = ['crictl', `--runtime-endpoint=${endpoint}`] as const;
  return {
    find: [...crictl, 'ps', '--quiet', '--no-trunc', '--state=Running', `--${label}`],
    exec: [...crictl, 'exec', '--sync'],
  };
}

/** The container that the kubelet has made for etcd's static pod. */
async function findContainer(context: InspectContext, params: Params, containers: NodeContainers): Promise<string> {
  const { stdout } = await context.host.query({
    argv: containers.find,
    timeoutMs: 20_000,
    signal: context.signal,
  });
  const [id] = stdout.trim().split('\n');
  if (id === undefined || id === '') throw failed(context, params, 'no container of etcd runs on this node');
  return id;
}

function etcdctl({ signal }: InspectContext, inEtcd: Command['argv'], args: readonly string[]): Command {
  return {
    argv: [...inEtcd, 'etcdctl', `--endpoints=${localEtcd}`, ...credentials, ...args],
    timeoutMs: 120_000,
    signal,
  };
}

/** etcdctl reads the whole file for it. Throws where it is older than the read that came before it. */
async function readStatus(context: ApplyContext, etcd: Command['argv'], params: Params, revision: bigint) {
  const { stdout } = await context.host.query(
    etcdctl(context, etcd, ['snapshot', 'status', exchange, '--write-out=json']),
  );
  const document: unknown = JSON.parse(stdout);
  const status = Value.Parse(SnapshotStatus, document);
  if (BigInt(status.revision) >= revision && status.totalKey > 0) return status;
  throw failed(context, params, `it has revision ${status.revision}, and etcd was at ${revision} before`, [stdout]);
}

async function keepSnapshot(context: ApplyContext, path: string): Promise<void> {
  const run = (...argv: [string, ...string[]]) => context.host.run({ argv, timeoutMs: 60_000, signal: context.signal });
  await run('mkdir', '--parents', '--mode=0700', folderOf(context));
  await run('chmod', '0600', exchange);
  // A copy across file systems that is cut off has no name of a snapshot.
  await run('mv', '--force', exchange, `${path}.part`);
  await run('mv', '--no-clobber', `${path}.part`, path);
}

/** Their names begin with the time: the order of names is that of age. */
async function removeOldest(context: ApplyContext, keep: number): Promise<void> {
  const folder = folderOf(context);
  const names = await context.host.listDirectory(folder);
  for (const name of names.filter((each) => !each.endsWith('.db'))) await context.host.removeFile(`${folder}/${name}`);
  for (const name of names.filter((each) => each.endsWith('.db')).slice(0, -keep))
    await context.host.removeFile(`${folder}/${name}`);
}

function folderOf({ stateDirectory }: InspectContext): string {
  return `${stateDirectory}/etcd-snapshots`;
}

function timestamp({ clock }: InspectContext): string {
  return new Date(clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function failed(context: InspectContext, { name }: Params, reason: string, evidence: readonly string[] = []) {
  return agentErrors.create('snapshot-failed', { tried: `save ${name}`, node: context.nodeName, reason, evidence });
}
