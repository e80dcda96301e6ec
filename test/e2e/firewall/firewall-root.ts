import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createReachedHost } from '@drover/agent/testing';
import { aptDownloadSettings, debianSources, installPackages, rootfsPackages, rootfsRecipe } from '@drover/lab';
import { execa } from 'execa';

/** A folder with the ufw and the firewalld of Debian's archive, whose programs run in a network namespace. */
export interface FirewallRoot {
  /** Its systemctl knows firewalld alone, which runs once it was started here. */
  readonly host: ReturnType<typeof createReachedHost>;
  /** What a shell there prints on both outputs. Rejects when it fails. */
  shell(script: string): Promise<string>;
  /** Starts D-Bus and firewalld, and waits until that answers. */
  startFirewalld(): Promise<void>;
  /** Ends both. */
  stopFirewalld(): Promise<void>;
}

const minuteMs = 60_000;

/** Extracts the packages; nothing of theirs has run, and nothing of this machine is in it. */
export async function makeFirewallRoot(directory: string, namespace: string): Promise<FirewallRoot> {
  const root = join(directory, 'root');
  const options = { log: join(directory, 'apt.log'), signal: AbortSignal.timeout(5 * minuteMs) };
  await installPackages(rootfsPackages, options);
  const settings = await aptDownloadSettings();
  const argv = [
    ...['--variant=extract', '--mode=root', '--format=directory', '--skip=check/empty'],
    ...settings.map((setting) => `--aptopt=${setting}`),
    `--include=${['ufw', 'firewalld', 'dbus', 'dash', 'coreutils'].join(',')}`,
    ...[rootfsRecipe.suite, root, '-'],
  ];
  const input = (await debianSources(options)).join('\n');
  await mkdir(root, { recursive: true });
  await execa('mmdebstrap', argv, { input, timeout: 5 * minuteMs });
  await finishInstallation(root);
  const inside = ['ip', 'netns', 'exec', namespace, 'unshare', '--mount', ...['sh', '-c', enter, root]] as const;
  const reached = createReachedHost({ root, commandPrefix: inside });
  let running: ReturnType<typeof begin> | undefined;
  const shell: FirewallRoot['shell'] = async (script) => {
    const [program, ...rest] = inside;
    return (await execa(program, [...rest, 'sh', '-c', script], { all: true, timeout: minuteMs })).all;
  };
  const begin = () => {
    const script = 'dbus-daemon --system --nofork --nopidfile & exec firewalld --nofork --nopid';
    const apart = ['netns', 'exec', namespace, 'unshare', '--mount', '--pid', '--fork', '--kill-child'];
    return execa('ip', [...apart, 'sh', '-c', enter, root, 'sh', '-c', script], { reject: false, buffer: false });
  };
  const run: typeof reached.run = async (command) => {
    if (command.argv[0] !== 'systemctl') return await reached.run(command);
    const state = running === undefined ? 'inactive' : 'active';
    return { status: 0, stderr: '', stdout: `Id=firewalld.service\nActiveState=${state}\nUnitFileState=enabled\n` };
  };
  return {
    host: { ...reached, run, query: run },
    shell,
    startFirewalld: async () => {
      running = begin();
      await shell('for i in $(seq 50); do firewall-cmd --state && exit; sleep 0.2; done; exit 1');
    },
    stopFirewalld: async () => {
      running?.kill('SIGTERM');
      await running;
      running = undefined;
    },
  };
}

/** The mounts end with each command. D-Bus has its socket in the folder, where all of them find it. */
const enter = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"';

/** What the packages' own scripts would have done. */
async function finishInstallation(root: string): Promise<void> {
  for (const folder of ['proc', 'run/dbus', 'run/firewalld', 'tmp'])
    await mkdir(join(root, folder), { recursive: true });
  for (const program of ['iptables', 'iptables-restore', 'ip6tables', 'ip6tables-restore']) {
    await symlink(program.replace('tables', 'tables-nft'), join(root, 'usr/sbin', program));
  }
  const users = ['root:x:0:0:root:/root:/bin/sh', 'messagebus:x:100:101::/:/bin/sh', 'polkitd:x:997:997::/:/bin/sh'];
  await writeFile(join(root, 'etc/passwd'), `${users.join('\n')}\n`);
  await writeFile(join(root, 'etc/group'), 'root:x:0:\nmessagebus:x:101:\npolkitd:x:997:\n');
  const copy = 'cd "$0/usr/share/ufw" && cp ufw.conf *.rules *.init "$0/etc/ufw" && chmod 640 "$0"/etc/ufw/*.rules';
  await execa('sh', ['-c', copy, root], { timeout: 10_000 });
}
