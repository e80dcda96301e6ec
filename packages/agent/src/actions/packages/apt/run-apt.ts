import { DroverError } from '@drover/core';
import { agentErrors } from '../../../errors.ts';
import type { CommandResult } from '../../../host/host.ts';
import type { ApplyContext } from '../../action.ts';

/** How long before the operation's deadline waiting for the lock is given up. */
const marginMs = 10_000;

const pollIntervalMs = 2_000;

/** dpkg that is killed in the middle of a transaction leaves packages half installed. */
const graceMs = 120_000;

/**
 * Nobody is there to answer questions; needrestart, which hangs on to apt's transactions, would restart services on its own
 * (needrestart(1)), and apt-listchanges would page through news.
 */
const environment = {
  DEBIAN_FRONTEND: 'noninteractive',
  NEEDRESTART_SUSPEND: '1',
  NEEDRESTART_MODE: 'l',
  APT_LISTCHANGES_FRONTEND: 'none',
};

/** A mirror that accepts and says nothing is given up after half a minute, and tried again twice. Source: apt.conf(5). */
const options = [
  'DPkg::Lock::Timeout=2',
  'Dpkg::Use-Pty=0',
  'Dpkg::Options::=--force-confdef',
  'Dpkg::Options::=--force-confold',
  'Acquire::http::Timeout=30',
  'Acquire::https::Timeout=30',
  'Acquire::Retries=2',
].flatMap((option) => ['-o', option]);

/** apt-get(8), as a program runs it. */
export async function runApt(context: ApplyContext, args: readonly string[]): Promise<CommandResult> {
  return await runWithLock(context, ['apt-get', '-q', '-y', ...options, ...args]);
}

/** Goes on with what a dpkg that was interrupted has left: dpkg(1). */
export async function configurePending(context: ApplyContext): Promise<void> {
  await runWithLock(context, ['dpkg', '--force-confdef', '--force-confold', '--configure', '-a']);
}

/**
 * Waits where another transaction holds a lock, and says so; throws `package-manager-busy` when it is still held shortly
 * before the operation's deadline. apt ends with 100 whatever has failed: only its message tells the lock from the rest, and
 * commands run in the C locale.
 */
async function runWithLock(context: ApplyContext, argv: readonly [string, ...string[]]): Promise<CommandResult> {
  const { host, clock, log, reportWaiting, deadlineAt, signal } = context;
  const untilMs = deadlineAt - marginMs;
  for (;;) {
    try {
      const timeoutMs = Math.max(1000, deadlineAt - clock.now());
      const result = await host.run({ argv, environment, timeoutMs, graceMs, onLine: log });
      reportWaiting(undefined);
      return result;
    } catch (error) {
      if (!(error instanceof DroverError && error.code === 'command-failed') || !isLocked(error)) throw error;
      if (clock.now() >= untilMs) throw busy(context, argv[0], error);
      reportWaiting({ on: `another package transaction on the node${holderOf(error)}`, untilMs });
      await clock.sleep(pollIntervalMs, signal);
    }
  }
}

function isLocked({ problem }: DroverError): boolean {
  return (problem.evidence ?? []).some((line) =>
    /Could not get lock|Unable to acquire the dpkg frontend lock|dpkg frontend lock (is|was) locked/.test(line),
  );
}

/** `It is held by process 4711 (unattended-upgr)`. */
function holderOf({ problem }: DroverError): string {
  const holder = /held by process (\d+(?: \([^)]*\))?)/.exec((problem.evidence ?? []).join('\n'))?.[1];
  return holder === undefined ? '' : `: process ${holder}`;
}

function busy({ nodeName }: ApplyContext, program: string, cause: DroverError) {
  return agentErrors.create('package-manager-busy', {
    tried: `run ${program}`,
    node: nodeName,
    reason: `its lock was held by another process the whole time${holderOf(cause)}`,
    evidence: cause.problem.evidence,
    cause,
  });
}
