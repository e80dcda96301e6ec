import { DroverError } from '@drover/core';
import type { ApplyContext } from '../../action.ts';
import { aptFiles } from '../../repositories/apt-files.ts';
import { diagnoseApt } from './diagnose-apt.ts';
import { runApt } from './run-apt.ts';

/**
 * Fetches the lists of one repository of Drover's, and of no other: another's that does not answer is not this one's fault.
 * Does nothing where Drover has not configured it. Throws the error that names the cause.
 */
export async function refreshRepository(
  context: ApplyContext,
  id: string,
  place: { readonly tried: string; readonly node: string },
): Promise<void> {
  const { sources } = aptFiles(id);
  if ((await context.host.status(sources)) === undefined) return;
  const only = [`Dir::Etc::SourceList=${sources}`, 'Dir::Etc::SourceParts=-', 'APT::Get::List-Cleanup=0'];
  // Without it apt makes do with the lists of yesterday, and calls that success.
  const strict = 'APT::Update::Error-Mode=any';
  try {
    await runApt(context, [...[...only, strict].flatMap((option) => ['-o', option]), 'update']);
  } catch (error) {
    if (!(error instanceof DroverError && error.code === 'command-failed')) throw error;
    throw diagnoseApt(error, place);
  }
}
