import { DroverError } from '@drover/core';
import type { Package } from '@drover/proto';
import { agentErrors } from '../../../errors.ts';
import type { ApplyContext } from '../../action.ts';
import { type PackageManager, runPackageManager } from './package-manager.ts';

/**
 * Finds out why packages could not be installed, by questions that have an exit status for an answer: does the repository
 * answer, and which versions does it have. The error to throw: `repository-unreachable`, `package-version-unavailable`, or
 * the package manager's own failure when neither is the cause.
 */
export async function diagnoseInstall(
  context: ApplyContext,
  manager: PackageManager,
  wanted: {
    readonly packages: readonly Package[];
    readonly repository: string;
    readonly excludeOptions: readonly string[];
  },
  failure: DroverError | undefined,
): Promise<DroverError | undefined> {
  const { packages, repository, excludeOptions } = wanted;
  const tried = `install ${packages.map(({ name, version }) => `${name} ${version}`).join(', ')}`;
  const unreachable = await refresh(context, manager, repository);
  if (unreachable !== undefined) {
    const which = repository === '' ? 'a configured repository' : `the repository ${repository}`;
    const reason = `${which} gives no list of its packages`;
    const { evidence } = unreachable.problem;
    return agentErrors.create('repository-unreachable', {
      tried,
      node: context.nodeName,
      reason,
      evidence,
      cause: failure,
    });
  }
  const reasons: string[] = [];
  for (const { name, version } of packages) {
    const versions = await listVersions(context, manager, name, excludeOptions);
    if (!versions.includes(version)) reasons.push(`${name} is there as ${versions.join(', ') || 'no version at all'}`);
  }
  if (reasons.length === 0) return failure;
  const reason = reasons.join('; ');
  return agentErrors.create('package-version-unavailable', { tried, node: context.nodeName, reason, cause: failure });
}

/** Asks the repository itself, not what is remembered of it; answers with the failure when it does not answer. */
async function refresh(context: ApplyContext, manager: PackageManager, repository: string) {
  const chosen = repository === '' ? [] : ['--disablerepo=*', `--enablerepo=${repository}`];
  // Where a machine is set to do without repositories that do not answer, it would say that all is well.
  const only = [...chosen, '--setopt=*.skip_if_unavailable=0'];
  try {
    await runPackageManager(context, manager, [...only, 'clean', 'expire-cache']);
    await runPackageManager(context, manager, [...only, 'makecache']);
    return undefined;
  } catch (error) {
    if (error instanceof DroverError && error.code === 'command-failed') return error;
    throw error;
  }
}

async function listVersions(
  { host }: ApplyContext,
  { program }: PackageManager,
  name: string,
  excludeOptions: readonly string[],
): Promise<readonly string[]> {
  const { stdout } = await host.query({
    argv: [program, '-q', '-C', 'list', '--showduplicates', ...excludeOptions, name],
    timeoutMs: 60_000,
    // Status 1: no such package.
    successStatuses: [0, 1],
  });
  return parseVersions(stdout, name);
}

/** The rows are `name.arch [epoch:]version-release repository`; long ones are broken over several lines. */
function parseVersions(listing: string, name: string): readonly string[] {
  const words = listing.split(/\s+/);
  const found = words.flatMap((word, i) => {
    const isName = word.startsWith(`${name}.`) && !word.slice(name.length + 1).includes('.');
    const version = /^(?:\d+:)?([^\s-]+)-\S+$/.exec(words[i + 1] ?? '')?.[1];
    return isName && version !== undefined ? [version] : [];
  });
  return [...new Set(found)];
}
