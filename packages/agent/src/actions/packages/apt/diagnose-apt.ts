import type { DroverError } from '@drover/core';
import { agentErrors } from '../../../errors.ts';

type Cause = Parameters<typeof agentErrors.create>[0];

/**
 * What apt's messages stand for, the most telling first. apt ends with 100 whatever has failed, so its words are all there
 * is; they are those of the C locale. Sources: apt-pkg/acquire-item.cc, apt-pkg/deb/dpkgpm.cc and apt-private of apt 2.2 to 3.1.
 */
const causes: readonly { readonly code: Cause; readonly says: RegExp }[] = [
  { code: 'package-database-interrupted', says: /dpkg was interrupted/ },
  { code: 'disk-full', says: /No space left on device|don't have enough free space/ },
  {
    code: 'repository-signature-invalid',
    says: /signatures? (couldn't be verified|were invalid)|NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|is not signed|GPG error|Sub-process .*(sqv|gpgv) returned an error|cannot be authenticated/,
  },
  { code: 'packages-conflict', says: /Packages need to be removed but remove is disabled|unmet dependencies/ },
  {
    code: 'repository-unreachable',
    says: /Failed to fetch|Unable to fetch|does not have a Release file|no longer has a Release file|Hash Sum mismatch|Could not resolve|Temporary failure resolving/,
  },
];

/** The error that names the cause of a failed apt or dpkg; the failure itself where its messages name none that is known. */
export function diagnoseApt(
  failure: DroverError,
  place: { readonly tried: string; readonly node: string },
): DroverError {
  const { evidence } = failure.problem;
  const cause = causes.find(({ says }) => evidence.some((line) => says.test(line)));
  if (cause === undefined) return failure;
  const reason = evidence.find((line) => cause.says.test(line))?.trim() ?? '';
  return agentErrors.create(cause.code, { ...place, reason, evidence, cause: failure });
}
