import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { setClock } from '../commands/clock.ts';
import { clone } from '../commands/clone.ts';
import { down } from '../commands/down.ts';
import { heal, partition } from '../commands/faults.ts';
import { reboot, reimage } from '../commands/power.ts';
import { revert, snapshot } from '../commands/snapshot.ts';
import { type LabStatus, status } from '../commands/status.ts';
import { up } from '../commands/up.ts';
import { hostCommand } from '../hosts/exec-on-host.ts';
import type { BootResult } from '../hosts/wait-for-boot.ts';
import { type Lab, logFile } from '../lab.ts';
import { requireMachine } from '../machine/require-machine.ts';
import { createProgress, systemProgressClock } from '../progress/index.ts';
import { findHost } from '../state/lab-state.ts';
import { applyUserData } from '../user-data/apply-user-data.ts';
import { parseUserData } from '../user-data/parse-user-data.ts';
import { describeStatus } from './describe-status.ts';
import { type LabCommand, type ReimageWish, usage } from './parse-command-line.ts';

/** `script` gives the shell a terminal of the host's own. */
const shellInTerminal = ['script', '--quiet', '--return', '--command', 'bash --login', '/dev/null'];

/** Does what was asked; data goes to stdout, progress to stderr. Resolves with the exit code. */
export async function runCommand(lab: Lab, command: LabCommand, signal: AbortSignal): Promise<number> {
  switch (command.verb) {
    case 'help':
      return print(usage);
    case 'up':
      await bringUp(lab, command, signal);
      return print(describeStatus(await status(lab)));
    case 'down':
      await down(lab);
      return print(`the lab ${lab.name} is down\n`);
    case 'status':
      return print(formatStatus(await status(lab), command.isJson));
    case 'heal':
      await heal(lab);
      return print('every partition is healed\n');
    default:
      return await runOnHost(lab, command, signal);
  }
}

/** What is about one host. */
async function runOnHost(
  lab: Lab,
  command: Extract<LabCommand, { readonly host: string }>,
  signal: AbortSignal,
): Promise<number> {
  switch (command.verb) {
    case 'exec':
      return await attach(lab, command.host, command.argv);
    case 'shell':
      return await attach(lab, command.host, shellInTerminal);
    case 'logs':
      return await attach(lab, command.host, ['journalctl', '--no-pager', ...agentUnit(command.argv)]);
    case 'reboot':
      return print(
        describeBoot(command.host, await reboot(lab, await findHost(lab, command.host), { ...command, signal })),
      );
    case 'reimage':
      return await reimageHost(lab, command, signal);
    case 'clock':
      await setClock(lab, await findHost(lab, command.host), { ...command, signal });
      return print(`the agent of ${command.host} sees a clock that is ${command.daysBehind} days behind\n`);
    case 'clone': {
      const { name, address } = await clone(lab, await findHost(lab, command.host), { ...command, signal });
      return print(`${name} is up at ${address}\n`);
    }
    case 'snapshot':
      await snapshot(lab, await findHost(lab, command.host), command.snapshot);
      return print(`npm run lab -- revert ${command.host} ${command.snapshot} sets its disk back to what it is now\n`);
    case 'revert': {
      const host = await findHost(lab, command.host);
      return print(describeBoot(command.host, await revert(lab, host, command.snapshot, { signal })));
    }
    case 'partition':
      await partition(lab, await findHost(lab, command.host), await otherEnd(lab, command.from));
      return print(`${command.host} is cut off from ${command.from}; npm run lab -- heal ends it\n`);
  }
}

function formatStatus(seen: LabStatus, isJson: boolean): string {
  return isJson ? `${JSON.stringify(seen, null, 2)}\n` : describeStatus(seen);
}

/** User data that are not understood are refused while the disk is still there. */
async function reimageHost(
  lab: Lab,
  { host: name, userData: file, daysBehind, ...wish }: { readonly host: string } & ReimageWish,
  signal: AbortSignal,
): Promise<number> {
  const host = await findHost(lab, name);
  const userData = file === undefined ? undefined : parseUserData(await readFile(file, 'utf8'));
  const booted = await reimage(lab, host, { ...wish, signal });
  // Before the agent is there, which never sees another clock.
  if (daysBehind !== undefined) await setClock(lab, host, { daysBehind, signal });
  if (userData !== undefined) await applyUserData(lab, host, userData, { signal });
  return print(describeBoot(name, booted));
}

async function bringUp(
  lab: Lab,
  wanted: { hosts?: number; controlPlanes?: number },
  signal: AbortSignal,
): Promise<void> {
  await requireMachine(lab); // Before the log file's folder is made: nothing is touched on a machine that cannot do it.
  const progress = createProgress({
    stream: process.stderr,
    isTerminal: process.stderr.isTTY === true,
    logFile: logFile(lab),
    clock: systemProgressClock(),
  });
  process.stderr.write(`bringing up the lab ${lab.name}; everything that is run goes to ${logFile(lab)}\n`);
  try {
    await up(lab, { ...wanted, progress, signal });
  } finally {
    progress.close();
  }
}

/** Runs a command in a host on this process's own standard streams. */
async function attach(lab: Lab, name: string, argv: readonly string[]): Promise<number> {
  const [command, ...args] = await hostCommand(lab, await findHost(lab, name), argv);
  const child = spawn(command, args, { stdio: 'inherit' });
  const [exitCode, endedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return exitCode ?? 128 + (endedBy === null ? 0 : constants.signals[endedBy]);
}

function agentUnit(argv: readonly string[]): readonly string[] {
  return argv.length === 0 ? ['--unit=drover-agent'] : argv;
}

async function otherEnd(lab: Lab, from: string) {
  return from === 'coordinator' || from === 'everything' ? from : await findHost(lab, from);
}

function describeBoot(host: string, { state, failedUnits }: BootResult): string {
  return `${host} has booted: ${[state, ...failedUnits].join(' ')}\n`;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
