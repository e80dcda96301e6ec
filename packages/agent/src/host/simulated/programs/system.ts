import { notPlayed, operands, type Program } from '../program.ts';

/** hostnamectl(1): sets the static hostname, which is the kernel's too, or shows it. */
export const hostnamectl: Program = async (call) => {
  await call.work(20);
  const [verb, name] = operands(call.args);
  if ((verb === 'set-hostname' || verb === 'hostname') && name !== undefined) {
    await call.machine.files.writeFile('/etc/hostname', `${name}\n`, { mode: 0o644 });
    await call.machine.files.writeFile('/proc/sys/kernel/hostname', `${name}\n`, { mode: 0o644 });
    return 0;
  }
  if (!call.args.includes('--static')) return notPlayed(call, 'hostnamectl');
  call.print(((await call.machine.files.readFile('/etc/hostname')) ?? '').trim());
  return 0;
};

/** ip(8): the addresses of a machine's one interface, one per line. */
export const ip: Program = async (call) => {
  if (call.args.join(' ') !== '-o address show') return notPlayed(call, 'ip');
  const { address } = call.machine.settings;
  call.print('1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever');
  call.print(
    `2: eth0    inet ${address}/24 brd + scope global noprefixroute eth0\\       valid_lft forever preferred_lft forever`,
  );
  return 0;
};

/** iptables-save(8): nothing fills the tables of a simulated machine. */
export const iptablesSave: Program = async () => 0;

/** rm(1) of one directory. With the data of its only member the cluster is gone. */
export const rm: Program = async (call) => {
  const [path = '', ...others] = operands(call.args);
  if (!call.args.includes('-rf') || others.length > 0) return notPlayed(call, 'rm');
  await call.machine.files.removeTree(path);
  if (path !== '/var/lib/etcd/member') return 0;
  const { address } = call.machine.settings;
  call.machine.world.change((cluster) => {
    const isLast = cluster?.etcdMembers?.every((member) => member.address === address) ?? false;
    return { cluster: isLast ? null : cluster, answer: undefined };
  });
  return 0;
};

/** mkdir(1): directories are there as long as something is in them. */
export const mkdir: Program = async () => 0;

/** chmod(1) of one file with an octal mode. */
export const chmod: Program = async (call) => {
  const [mode = '', path = ''] = operands(call.args);
  const content = await call.machine.files.readFile(path);
  if (content === undefined) return 1;
  await call.machine.files.writeFile(path, content, { mode: Number.parseInt(mode, 8) });
  return 0;
};

/** mv(1) of one file. */
export const mv: Program = async (call) => {
  const [from = '', to = ''] = operands(call.args);
  const [content, status] = await Promise.all([call.machine.files.readFile(from), call.machine.files.status(from)]);
  if (content === undefined || status === undefined) return 1;
  await call.machine.files.writeFile(to, content, { mode: status.mode });
  await call.machine.files.removeFile(from);
  return 0;
};

/** df(1): one disk of 40 GiB, three quarters free. */
export const df: Program = async (call) => {
  const gibibyte = 1024 ** 3;
  call.print('      1B-blocks        Avail Mounted on');
  call.print(`${40 * gibibyte} ${30 * gibibyte} /`);
  return 0;
};

/** timedatectl(1): the clock is the real machine's. */
export const timedatectl: Program = async (call) => {
  call.print('System clock synchronized: yes');
  return 0;
};

/** stat(1) with `-c '%U %a'`: who owns a file is not kept, so it belongs to the one whose home it is in. */
export const stat: Program = async (call) => {
  const [option, format, path = ''] = call.args;
  if (option !== '-c' || format !== '%U %a') return notPlayed(call, 'stat');
  const status = await call.machine.files.status(path);
  if (status === undefined) {
    call.complain(`stat: cannot stat '${path}': No such file or directory`);
    return 1;
  }
  call.print(`${/^\/home\/([^/]+)\//.exec(path)?.[1] ?? 'root'} ${status.mode.toString(8)}`);
  return 0;
};

/** runuser(1) for the two programs that are run with it: `install` of an empty file, and `dd` from standard input. */
export const runuser: Program = async (call) => {
  const [program = '', ...args] = call.args.slice(call.args.indexOf('--') + 1);
  if (program === 'install' && args.slice(0, 4).join(' ') === '-D -m 0600 /dev/null' && args[4] !== undefined) {
    await call.machine.files.writeFile(args[4], '', { mode: 0o600 });
    return 0;
  }
  const target = args.find((arg) => arg.startsWith('of='))?.slice(3);
  if (program !== 'dd' || target === undefined) return notPlayed(call, 'runuser');
  const mode = (await call.machine.files.status(target))?.mode ?? 0o644;
  await call.machine.files.writeFile(target, call.input, { mode });
  return 0;
};
