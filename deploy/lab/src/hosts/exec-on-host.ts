import type { Lab } from '../lab.ts';
import { LabError } from '../lab-error.ts';
import { type CommandOptions, type CommandResult, runCaptured } from '../machine/run-captured.ts';
import type { Host } from './host.ts';
import { hostProcess } from './host-process.ts';

/** Runs a command in a host as root, outside of any unit, and keeps its output. Throws a LabError when the host is off. */
export async function execOnHost(
  lab: Lab,
  host: Host,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const [command, ...args] = await hostCommand(lab, host, argv);
  return await runCaptured(command, args, options);
}

/** The command line on the machine that runs `argv` in a host. Throws a LabError when the host is off. */
export async function hostCommand(
  lab: Lab,
  host: Host,
  argv: readonly string[],
): Promise<readonly [string, ...string[]]> {
  const pid = await hostProcess(lab, host);
  if (pid === undefined) throw new LabError(`${host.name} is off`, `Start it with: npm run lab -- reboot ${host.name}`);
  const namespaces = ['--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', '--root'];
  const environment = [
    'HOME=/root',
    'LANG=C.UTF-8',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `TERM=${process.stdout.isTTY ? 'xterm' : 'dumb'}`,
  ];
  return [
    'nsenter',
    `--target=${pid}`,
    ...namespaces,
    '--',
    '/usr/bin/env',
    '-i',
    '--chdir=/root',
    ...environment,
    ...argv,
  ];
}
