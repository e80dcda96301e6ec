import { DroverError } from '@drover/core';
import { agentErrors } from '../../errors.ts';
import type { ApplyContext } from '../action.ts';
import { command } from '../shell/quote.ts';

/** Has systemd do something to a unit; throws `service-failed`, with the unit's own last lines, when that fails. */
export async function changeUnit(
  context: ApplyContext,
  verb: 'enable' | 'start' | 'restart',
  unit: string,
): Promise<void> {
  try {
    await context.host.run({ argv: ['systemctl', verb, unit], timeoutMs: 180_000 });
  } catch (error) {
    if (!(error instanceof DroverError && error.code === 'command-failed')) throw error;
    throw agentErrors.create('service-failed', {
      tried: `${verb} ${unit}`,
      node: context.nodeName,
      reason: error.problem.evidence.at(-1) ?? error.problem.reason,
      evidence: [...error.problem.evidence, ...(await readLastLines(context, unit))],
      cause: error,
    });
  }
}

/** A restart by a person's hands, where it runs. */
export function restartByHand(unit: string): readonly string[] {
  return [
    `if ${command('systemctl', 'is-active', '--quiet', unit)}; then ${command('systemctl', 'restart', unit)}; fi`,
  ];
}

/** What the unit said itself. Evidence for people: where there is no journal to ask, the failure goes without it. */
async function readLastLines({ host }: ApplyContext, unit: string): Promise<readonly string[]> {
  const argv = ['journalctl', '--unit', unit, '--lines=20', '--no-pager', '--output=cat'] as const;
  try {
    const { stdout } = await host.query({ argv, timeoutMs: 10_000 });
    return stdout.trimEnd().split('\n');
  } catch {
    return [];
  }
}
