import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';

/** Everything about this machine that the named lab could leave behind, one fact per line. */
export async function snapshotMachine(lab: string): Promise<ReadonlySet<string>> {
  return new Set([
    ...processes(lab),
    ...mounts(),
    ...lines('namespace', readdirIfThere('/run/netns')),
    ...lines(
      'group',
      globSync('/sys/fs/cgroup/**/cgroup.procs').map((path) => path.replace('/cgroup.procs', '')),
    ),
    ...lines('folder', [...globSync('/run/drover-lab/**'), ...globSync('/var/lib/drover-lab/*')]),
    ...lines('link', await output('ip', ['-brief', 'link'], /^(\S+)/)),
    ...lines('route', await output('ip', ['route', 'show', 'table', 'all'], /^(.*)$/)),
    ...lines('nftables', await output('nft', ['list', 'ruleset'], /^(.*)$/)),
    ...sysctls(),
  ]);
}

/**
 * What differs, as `+ line` and `- line`. Other labs may come and go on the machine at the same time: what carries the
 * name of one of them is left out.
 */
export function compareSnapshots(
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  lab: string,
): readonly string[] {
  const differences = [
    ...[...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`),
    ...[...before].filter((line) => !after.has(line)).map((line) => `- ${line}`),
  ];
  const folders = [...before, ...after].filter((line) => line.startsWith('folder '));
  const others = folders.flatMap((line) => /^folder \/var\/lib\/drover-lab\/(.+)$/.exec(line)?.[1] ?? []);
  const otherNames = others.filter((name) => name !== lab);
  // What labs share changes with any of them.
  const shared = otherNames.length > 0 ? ['nf_conntrack_max', 'folder /run/drover-lab', '/run/netns '] : [];
  return differences.filter((line) => ![...otherNames, ...shared].some((word) => line.includes(word)));
}

/** Processes of one lab: by control group, by argument, or by the environment that they inherited. */
function processes(lab: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    try {
      const [groups, command, environment] = ['cgroup', 'cmdline', 'environ'].map((file) =>
        readFileSync(`/proc/${pid}/${file}`, 'utf8'),
      );
      const isLabs = [groups, command, environment].some((text) => text?.includes(lab));
      return isLabs ? [`process ${pid} ${command?.replaceAll('\0', ' ')}`] : [];
    } catch {
      return []; // It has ended meanwhile.
    }
  });
}

function mounts(): string[] {
  const fields = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n');
  return fields.map((line) => `mount ${line.split(' ').slice(3, 6).join(' ')} ${line.split(' - ')[1]}`);
}

// Values that change by themselves.
const counters =
  /ns_last_pid|\/random\/|dentry-state|file-nr|inode-(nr|state)|nf_conntrack_count|\/pty\/nr|stat_refresh|quota\/syncs/;

function sysctls(): string[] {
  return globSync('/proc/sys/**').flatMap((path) => {
    if (counters.test(path)) return [];
    try {
      return [`sysctl ${path}=${readFileSync(path, 'utf8').trim()}`];
    } catch {
      return []; // A folder, or one that can only be written.
    }
  });
}

function lines(kind: string, values: readonly string[]): string[] {
  return values.map((value) => `${kind} ${value}`);
}

function readdirIfThere(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

async function output(command: string, args: readonly string[], pattern: RegExp): Promise<string[]> {
  const { stdout } = await execa(command, args, { timeout: 30_000 });
  return stdout.split('\n').flatMap((line) => pattern.exec(line)?.slice(1, 2) ?? []);
}
