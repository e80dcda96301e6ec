import { DroverError } from '@drover/core';
import type { InstallPackages, Package } from '@drover/proto';
import { agentErrors } from '../../../errors.ts';
import { type InstalledPackage, readDebPackages } from '../../../facts/deb-packages.ts';
import { compareDebianVersions, isVersion } from '../../../facts/debian-version.ts';
import type { ReadonlyHost } from '../../../host/host.ts';
import type { ApplyContext, InspectContext } from '../../action.ts';
import type { DifferingPackage, PackageState, PackageSystem } from '../package-system.ts';
import { refreshRepository } from './apt-lists.ts';
import { diagnoseApt } from './diagnose-apt.ts';
import { resolveVersions } from './resolve-version.ts';
import { configurePending, runApt } from './run-apt.ts';

/** Packages of Debian's family. */
export const debPackages: PackageSystem = { look, install, hold };

async function look({ host }: InspectContext, { packages }: InstallPackages): Promise<PackageState> {
  const installed = await readInstalled(host, packages);
  const differing = packages
    .map((each): DifferingPackage => ({ ...each, installed: versionOf(installed, each) }))
    .filter(({ installed: found, version }) => found === undefined || !isVersion(found, version));
  const held = installed.filter(({ isHeld }) => isHeld).map(({ name }) => name);
  return { differing, held, heldIn: 'apt-mark' };
}

async function install(
  context: ApplyContext,
  wanted: InstallPackages,
  differing: readonly DifferingPackage[],
): Promise<void> {
  const tried = `install ${differing.map(({ name, version }) => `${name} ${version}`).join(', ')}`;
  const place = { tried, node: context.nodeName };
  if (wanted.repository !== '') await refreshRepository(context, wanted.repository, place);
  const targets = await resolveAll(context, wanted, differing, place);
  const isOlder = ({ version, installed }: DifferingPackage) =>
    installed !== undefined && compareDebianVersions(version, installed) < 0;
  const transaction = [
    'install',
    '--no-install-recommends',
    // What another package would have to give way for is a person's decision.
    '--no-remove',
    '--allow-change-held-packages',
    ...(targets.some(isOlder) ? ['--allow-downgrades'] : []),
    ...targets.map(({ name, version }) => `${name}=${version}`),
  ];
  const { held } = await look(context, wanted);
  try {
    await transact(context, transaction);
  } catch (error) {
    // A transaction takes holds away before it does anything, and does not give them back when it fails.
    await holdAgain(context, held);
    if (!(error instanceof DroverError && error.code === 'command-failed')) throw error;
    throw diagnoseApt(error, place);
  }
}

/** Runs a transaction; a second time where what stood in its way could be cleared. */
async function transact(context: ApplyContext, transaction: readonly string[]): Promise<void> {
  try {
    await runApt(context, transaction);
  } catch (error) {
    if (!(error instanceof DroverError && error.code === 'command-failed')) throw error;
    const says = (pattern: RegExp) => error.problem.evidence.some((line) => pattern.test(line));
    if (says(/dpkg was interrupted/)) {
      context.log('dpkg was interrupted earlier: going on with what it has left');
      await configurePending(context);
    } else if (says(/unmet dependencies|Unable to fetch|Failed to fetch|no installation candidate/)) {
      // A machine may never have fetched the lists of its distribution, or so long ago that the files are gone.
      await runApt(context, ['update']).catch((failure: unknown) => {
        if (!(failure instanceof DroverError && failure.code === 'command-failed')) throw failure;
      });
    } else throw error;
    await runApt(context, transaction);
  }
}

async function resolveAll(
  context: ApplyContext,
  { repository }: InstallPackages,
  differing: readonly DifferingPackage[],
  place: { readonly tried: string; readonly node: string },
): Promise<readonly DifferingPackage[]> {
  const resolved = await resolveVersions(context.host, differing, repository);
  const found = differing.map((each, i) => ({ each, ...(resolved[i] ?? { matching: [], offered: [] }) }));
  const missing = found.filter(({ matching }) => matching.length === 0);
  if (missing.length > 0) {
    const reason = missing
      .map(({ each, offered }) => `${each.name} is there as ${offered.join(', ') || 'no version at all'}`)
      .join('; ');
    throw agentErrors.create('package-version-unavailable', { ...place, reason });
  }
  const ambiguous = found.filter(({ matching }) => matching.length > 1);
  if (ambiguous.length > 0) {
    const reason = ambiguous
      .map(({ each, matching }) => `${each.name} ${each.version} may be ${matching.join(' or ')}`)
      .join('; ');
    throw agentErrors.create('package-version-ambiguous', { ...place, reason });
  }
  return found.map(({ each, matching: [version = each.version] }) => ({ ...each, version }));
}

/** Installing a package takes its hold away: it is looked at anew. */
async function hold(context: ApplyContext, { packages }: InstallPackages): Promise<void> {
  await holdAgain(
    context,
    packages.map(({ name }) => name),
  );
}

async function holdAgain(context: ApplyContext, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  const installed = await readDebPackages(context.host, names, { timeoutMs: 30_000 });
  const missing = names.filter((name) => !installed.some((each) => each.name === name && each.isHeld));
  if (missing.length === 0) return;
  await context.host.run({ argv: ['apt-mark', 'hold', ...missing], timeoutMs: 60_000, onLine: context.log });
}

async function readInstalled(host: ReadonlyHost, packages: readonly Package[]): Promise<readonly InstalledPackage[]> {
  const names = packages.map(({ name }) => name);
  return await readDebPackages(host, names, { timeoutMs: 30_000 });
}

function versionOf(installed: readonly InstalledPackage[], { name }: Package): string | undefined {
  return installed.find((each) => each.name === name)?.version;
}
