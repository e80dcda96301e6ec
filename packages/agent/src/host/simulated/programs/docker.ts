import type { Machine } from '../machine.ts';
import { notPlayed, operands, type Program, type ProgramCall } from '../program.ts';
import { unitReport } from '../units.ts';
import { pullImage } from './image-supply.ts';

/** docker(1): what the daemon is like, which images it has, and pulling them. */
export const docker: Program = async (call) => {
  const { active } = await unitReport(call.machine, 'docker');
  if (active !== 'active') {
    call.complain('Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?');
    return 1;
  }
  const [verb, ...rest] = operands(call.args);
  if (verb === 'info') return info(call);
  if (verb === 'ps') return listEtcd(call);
  if (verb === 'exec' && rest[1] === 'etcdctl') return etcdctl(call, rest.slice(2));
  if (verb === 'pull' && rest[0] !== undefined) return pull(call, rest[0]);
  if (verb === 'image' && rest[0] === 'inspect') return inspectImages(call);
  return notPlayed(call, 'docker');
};

/** `docker ps` with the filter for etcd's container: there is one where there is data of etcd. */
async function listEtcd(call: ProgramCall): Promise<number> {
  if (!call.args.includes('--filter=label=io.kubernetes.container.name=etcd')) return notPlayed(call, 'docker');
  if ((await call.machine.files.status('/etc/kubernetes/manifests/etcd.yaml')) !== undefined) call.print('etcd-1');
  return 0;
}

/** `etcdctl snapshot save FILE`, and `etcdctl snapshot status FILE --write-out=json`. */
async function etcdctl(call: ProgramCall, [command, verb, path = '']: readonly string[]): Promise<number> {
  const revision = call.machine.world.cluster()?.revision;
  if (command !== 'snapshot' || revision === undefined) return notPlayed(call, 'etcdctl');
  if (verb === 'save') await call.machine.files.writeFile(path, String(revision), { mode: 0o600 });
  const saved = await call.machine.files.readFile(path);
  if (saved === undefined) return 1;
  if (verb === 'status') call.print(JSON.stringify({ hash: 1, revision: Number(saved), totalKey: 1, totalSize: 1 }));
  return 0;
}

/** The daemon read its configuration when it was started; a restart is instantaneous here, so the file is what it runs with. */
async function info(call: ProgramCall): Promise<number> {
  const configuration = await readConfiguration(call.machine);
  const insecure = ['127.0.0.0/8', ...list(configuration, 'insecure-registries')];
  const { packages } = await call.machine.state();
  const answer = {
    ServerVersion: packages['docker-ce'] ?? '',
    CgroupDriver: cgroupDriverOf(configuration),
    Driver: configuration['storage-driver'] ?? 'overlay2',
    RegistryConfig: {
      Mirrors: list(configuration, 'registry-mirrors'),
      IndexConfigs: Object.fromEntries(insecure.map((name) => [name, { Secure: false }])),
    },
  };
  call.print(JSON.stringify(answer));
  return 0;
}

/** The cgroup driver of the machine's Docker, which kubeadm asks for. */
export async function dockerCgroupDriver(machine: Machine): Promise<string> {
  return cgroupDriverOf(await readConfiguration(machine));
}

async function readConfiguration({ files }: Machine): Promise<Record<string, unknown>> {
  return JSON.parse((await files.readFile('/etc/docker/daemon.json')) ?? '{}') as Record<string, unknown>;
}

function cgroupDriverOf(configuration: Record<string, unknown>): string {
  const driver = list(configuration, 'exec-opts').find((option) => option.startsWith('native.cgroupdriver='));
  return driver?.slice('native.cgroupdriver='.length) ?? 'cgroupfs';
}

function list(configuration: Record<string, unknown>, key: string): string[] {
  const value = configuration[key];
  return Array.isArray(value) ? value.map(String) : [];
}

async function pull(call: ProgramCall, reference: string): Promise<number> {
  const pulled = await pullImage(call, reference);
  if ('digest' in pulled) {
    call.print(`Digest: ${pulled.digest}`);
    call.print(`Status: Downloaded newer image for ${reference}`);
    return 0;
  }
  call.complain(
    pulled.failure === 'missing'
      ? `Error response from daemon: manifest for ${reference} not found: manifest unknown: manifest unknown`
      : `Error response from daemon: Get "https://${pulled.host}/v2/": dial tcp: connect: connection refused`,
  );
  return 1;
}

/** As JSON, or with the format that asks for an id or the digests. Status 1 when one of them is not there. */
async function inspectImages(call: ProgramCall): Promise<number> {
  const { images } = await call.machine.state();
  const at = call.args.findIndex((arg) => arg === '--format' || arg === '-f');
  const references = operands(call.args.filter((_, i) => at === -1 || i !== at + 1)).slice(2);
  const found = references.flatMap((reference) => {
    const digest = images[reference];
    if (digest === undefined) call.complain(`Error: No such image: ${reference}`);
    const name = reference.replace(/:[^:/]*$/, '');
    return digest === undefined ? [] : [{ Id: digest, RepoTags: [reference], RepoDigests: [`${name}@${digest}`] }];
  });
  const format = at === -1 ? undefined : (call.args[at + 1] ?? '');
  if (format === undefined) call.print(JSON.stringify(found));
  else for (const image of found) call.print(render(format, image));
  return found.length === references.length ? 0 : 1;
}

/** `{{json .}}`, `{{json .RepoDigests}}`, `{{.Id}}` and the like: one field of an image. */
function render(format: string, image: Readonly<Record<string, unknown>>): string {
  return format.replaceAll(/\{\{\s*(json)?\s*\.(\w*)\s*\}\}/g, (_, json: string | undefined, field: string) => {
    const value = field === '' ? image : image[field];
    return json === undefined ? String(value) : JSON.stringify(value);
  });
}
