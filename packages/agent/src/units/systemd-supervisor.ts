import { messageOf } from '@drover/core';
import { agentErrors } from '../errors.ts';
import type { Command, CommandResult } from '../host/host.ts';
import type { Supervisor } from './supervisor.ts';
import { parseSystemdUnit, type SystemdUnit, systemdProperties } from './systemd-unit.ts';

/** What the supervisor needs of its machine. */
export interface SystemdSupervisorOptions {
  /** Runs a command as uid 0, with `LC_ALL=C`. Throws as `ReadonlyHost.query` does. */
  readonly run: (command: Command) => Promise<CommandResult>;
}

/** Process 1 answers in milliseconds; on a machine that is out of memory, in seconds. */
const timeoutMs = 30_000;

/** What is asked for each unit, and since which version systemd-run knows it: it ends with an error at any other. */
const options: readonly (readonly [since: number, option: string])[] = [
  [219, '--quiet'],
  // How the unit ended is kept, and its name refused, until it is cleared.
  [219, '--remain-after-exit'],
  // What its memory holds reaches no core dump.
  [219, '--property=LimitCORE=0'],
  // When it is told to stop, its program is, which ends its own commands.
  [219, '--property=KillMode=mixed'],
  // A package transaction is given two minutes to end by itself when the machine shuts down, and is the last to be killed
  // for memory: one that was cut off leaves duplicates in rpm's database.
  [239, '--property=TimeoutStopSec=150s'],
  [239, '--property=OOMScoreAdjust=-900'],
  [239, '--property=SyslogIdentifier=drover-op'],
  // A command that is killed for memory is a command that failed, and no reason to end the operations beside it.
  [243, '--property=OOMPolicy=continue'],
];

/**
 * Transient services, which belong to process 1. To ask for them takes uid 0 and no capability: systemd-run and systemctl
 * reach process 1 over /run/systemd/private, where it looks at the caller's uid alone. Throws `command-not-found` or
 * `command-failed` on a machine without systemd.
 */
export async function openSystemdSupervisor({ run }: SystemdSupervisorOptions): Promise<Supervisor> {
  const ask = async (...argv: Command['argv']) => (await run({ argv, timeoutMs })).stdout;
  const show = async (name: string) =>
    parseSystemdUnit(await ask('systemctl', 'show', `--property=${systemdProperties}`, serviceOf(name)));
  const version = parseVersion(await ask('systemd-run', '--version'));
  const known = options.filter(([since]) => since <= version).map(([, option]) => option);
  return {
    start: async (name, argv) => {
      try {
        await ask('systemd-run', ...known, `--unit=${serviceOf(name)}`, '--', ...argv.map(escapeVariables));
      } catch (cause) {
        throw await refusalOf(name, cause, show);
      }
    },
    state: async (name) => (await show(name)).state,
    clear: async (name) => {
      const { state, isFailed } = await show(name);
      // To stop a unit that runs would end its operation.
      if (state === 'absent' || state === 'running') return;
      await ask('systemctl', isFailed ? 'reset-failed' : 'stop', serviceOf(name));
    },
  };
}

/** Told by what process 1 knows: the words with which it refuses a name differ from version to version. */
async function refusalOf(name: string, cause: unknown, show: (name: string) => Promise<SystemdUnit>): Promise<Error> {
  const tried = `start ${serviceOf(name)}`;
  const { state } = await show(name);
  if (state === 'absent') return agentErrors.create('unit-not-started', { tried, reason: messageOf(cause), cause });
  return agentErrors.create('unit-exists', { tried, reason: 'systemd has a unit of that name', cause });
}

function serviceOf(name: string): string {
  return `${name}.service`;
}

/** Process 1 replaces `$NAME` in the arguments of a unit; `$$` is how it is told a dollar sign. */
function escapeVariables(argument: string): string {
  return argument.replaceAll('$', () => '$$');
}

/** The number in "systemd 252 (252.39-1~deb12u2)"; without one it counts as the oldest that is supported. */
function parseVersion(text: string): number {
  return Number(/^systemd (\d+)/.exec(text)?.[1] ?? 219);
}
