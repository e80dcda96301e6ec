import { notPlayed, operands, type Program, type ProgramCall } from '../program.ts';

/** uname(1): the architecture alone. */
export const uname: Program = async (call) => {
  if (call.args.join(' ') !== '-m') return notPlayed(call, 'uname');
  call.print('x86_64');
  return 0;
};

/** modprobe(8): the two modules that a cluster needs, with what they make appear under /proc. */
export const modprobe: Program = async (call) => {
  await call.work(30);
  for (const name of operands(call.args)) {
    if (name !== 'br_netfilter' && name !== 'overlay') {
      call.complain(
        `modprobe: FATAL: Module ${name} not found in directory /lib/modules/4.18.0-553.el8.simulated.x86_64`,
      );
      return 1;
    }
    if ((await readLines(call, '/proc/modules')).some((line) => line.startsWith(`${name} `))) continue;
    if (name === 'overlay') await requireLine(call, '/proc/filesystems', 'nodev\toverlay');
    else await makeBridgeParameters(call);
    // Last: a kernel has loaded a module wholly or not at all, also when modprobe is killed.
    await requireLine(call, '/proc/modules', `${name} 24576 0 - Live 0x0000000000000000`);
  }
  return 0;
};

/**
 * The kernel's own defaults: bridged packets do go to iptables as soon as the module is there. It makes all parameters at
 * once: the one that the module is known by is the last.
 */
async function makeBridgeParameters({ machine }: ProgramCall): Promise<void> {
  for (const name of ['bridge-nf-call-ip6tables', 'bridge-nf-call-iptables']) {
    await machine.files.writeFile(`/proc/sys/net/bridge/${name}`, '1\n', { mode: 0o644 });
  }
}

/** sysctl(8): assignments with -w, and reading configuration files with -p. */
export const sysctl: Program = async (call) => {
  await call.work(10);
  if (call.args.includes('--system')) return notPlayed(call, 'sysctl');
  const assignments = call.args.includes('-p')
    ? (await Promise.all(operands(call.args).map((path) => readLines(call, path)))).flat()
    : operands(call.args);
  let status = 0;
  for (const [, key = '', value = ''] of assignments.flatMap((line) => [
    /^\s*([\w./-]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [],
  ])) {
    if (key === '') continue;
    const path = `/proc/sys/${key.replaceAll('.', '/')}`;
    if ((await call.machine.files.status(path)) === undefined) {
      call.complain(`sysctl: cannot stat ${path}: No such file or directory`);
      status = 255;
      continue;
    }
    await call.machine.files.writeFile(path, `${value}\n`, { mode: 0o644 });
    call.print(`${key} = ${value}`);
  }
  return status;
};

async function readLines({ machine }: ProgramCall, path: string): Promise<readonly string[]> {
  return ((await machine.files.readFile(path)) ?? '').split('\n');
}

async function requireLine({ machine }: ProgramCall, path: string, line: string): Promise<void> {
  const text = (await machine.files.readFile(path)) ?? '';
  if (text.split('\n').includes(line)) return;
  await machine.files.writeFile(path, `${text}${line}\n`, { mode: 0o644 });
}

/** swapoff(8): devices by name, or all. The names under /dev/mapper stand for the device-mapper ones of /proc/swaps. */
export const swapoff: Program = async (call) => {
  await call.work(50);
  const lines = (await readLines(call, '/proc/swaps')).filter((line) => line !== '');
  const [header = '', ...active] = lines;
  const isAll = call.args.includes('-a');
  const off = new Set(operands(call.args).map((path) => (path === '/dev/mapper/simulated-swap' ? '/dev/dm-1' : path)));
  for (const path of off) {
    if (active.some((line) => line.startsWith(`${path} `) || line.startsWith(`${path}\t`))) continue;
    call.complain(`swapoff: ${path}: swapoff failed: Invalid argument`);
    return 4;
  }
  const left = isAll ? [] : active.filter((line) => !off.has(line.split(/\s+/)[0] ?? ''));
  await call.machine.files.writeFile('/proc/swaps', [header, ...left, ''].join('\n'), { mode: 0o444 });
  return 0;
};

/** setenforce(8). */
export const setenforce: Program = async (call) => {
  const value = { '0': '0', permissive: '0', '1': '1', enforcing: '1' }[call.args[0]?.toLowerCase() ?? ''];
  if (value === undefined) return notPlayed(call, 'setenforce');
  await call.machine.files.writeFile('/sys/fs/selinux/enforce', value, { mode: 0o644 });
  return 0;
};

/** getenforce(8). */
export const getenforce: Program = async (call) => {
  const enforce = await call.machine.files.readFile('/sys/fs/selinux/enforce');
  call.print(enforce === undefined ? 'Disabled' : enforce.trim() === '1' ? 'Enforcing' : 'Permissive');
  return 0;
};
