import { agentErrors } from '../../../errors.ts';
import type { CommandResult, ReadonlyHost } from '../../../host/host.ts';
import type { ApplyContext } from '../../action.ts';

/** dnf where there is one, yum elsewhere: EL 7 has yum alone, and later systems have yum as another name of dnf. */
export interface PackageManager {
  readonly program: 'dnf' | 'yum';
  /** The file with the `[main]` section. */
  readonly configuration: string;
}

/** dnf and yum both end with it when the lock is held: dnf(8), yum(8). */
const lockedStatus = 200;

/** How long before the operation's deadline waiting for the lock is given up. */
const marginMs = 10_000;

const pollIntervalMs = 2_000;

/** A package manager that is killed in the middle of a transaction leaves duplicates in its database. */
const graceMs = 120_000;

/** Finds the machine's package manager by its program. */
export async function findPackageManager(host: ReadonlyHost): Promise<PackageManager> {
  const hasDnf = (await host.status('/usr/bin/dnf')) !== undefined;
  return hasDnf
    ? { program: 'dnf', configuration: '/etc/dnf/dnf.conf' }
    : { program: 'yum', configuration: '/etc/yum.conf' };
}

/**
 * Runs the package manager. Where another transaction holds the lock, waits for it, and says so; throws
 * `package-manager-busy` when it is still held shortly before the operation's deadline.
 */
export async function runPackageManager(
  context: ApplyContext,
  { program }: PackageManager,
  args: readonly string[],
): Promise<CommandResult> {
  const { host, clock, log, reportWaiting, deadlineAt, signal } = context;
  const untilMs = deadlineAt - marginMs;
  for (;;) {
    const lastLines: string[] = [];
    const result = await host.run({
      // With exit_on_lock it says that the lock is held; without, it waits for it, silently and for ever.
      argv: [program, '-y', '--setopt=exit_on_lock=True', ...args],
      timeoutMs: Math.max(1000, deadlineAt - clock.now()),
      graceMs,
      successStatuses: [0, lockedStatus],
      onLine: (line) => {
        lastLines.push(line);
        log(line);
      },
    });
    if (result.status !== lockedStatus) {
      reportWaiting(undefined);
      return result;
    }
    if (clock.now() >= untilMs) throw busy(context, program, lastLines);
    reportWaiting({ on: 'another package transaction on the node', untilMs });
    await clock.sleep(pollIntervalMs, signal);
  }
}

function busy({ nodeName }: ApplyContext, program: string, lines: readonly string[]) {
  return agentErrors.create('package-manager-busy', {
    tried: `run ${program}`,
    node: nodeName,
    reason: 'its lock was held by another process the whole time',
    evidence: lines.slice(-20),
  });
}
