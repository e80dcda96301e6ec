import { DroverError } from '@drover/core';
import type { InstallPackages } from '@drover/proto';
import { readRpmVersions } from '../../../facts/packages.ts';
import type { ApplyContext, InspectContext } from '../../action.ts';
import type { DifferingPackage, PackageState, PackageSystem } from '../package-system.ts';
import { diagnoseInstall } from './diagnose-install.ts';
import { heldPackages, holdPackages } from './package-hold.ts';
import { findPackageManager, type PackageManager, runPackageManager } from './package-manager.ts';
import { compareRpmVersions } from './rpm-version.ts';

/** Packages of systems with dnf or yum. */
export const rpmPackages: PackageSystem = { look, install, hold };

async function look({ host }: InspectContext, { packages }: InstallPackages): Promise<PackageState> {
  const { configuration } = await findPackageManager(host);
  const [versions, content] = await Promise.all([
    readRpmVersions(
      host,
      packages.map(({ name }) => name),
      { timeoutMs: 30_000 },
    ),
    host.readFile(configuration),
  ]);
  const differing = packages
    .map((each): DifferingPackage => ({ ...each, installed: versions.get(each.name) }))
    .filter(({ installed, version }) => installed !== version);
  return { differing, held: heldPackages(content ?? ''), heldIn: configuration };
}

async function install(
  context: ApplyContext,
  params: InstallPackages,
  differing: readonly DifferingPackage[],
): Promise<void> {
  const manager = await findPackageManager(context.host);
  const lifted = ['main', params.repository].filter((section) => section !== '');
  const excludeOptions = lifted.map((section) => `--disableexcludes=${section}`);
  // An install does not go back to an older version: that is a verb of its own.
  const isNewer = ({ installed, version }: DifferingPackage) =>
    installed !== undefined && compareRpmVersions(installed, version) > 0;
  const verbs = [
    { verb: 'downgrade', packages: differing.filter(isNewer) },
    { verb: 'install', packages: differing.filter((each) => !isNewer(each)) },
  ].filter(({ packages }) => packages.length > 0);
  try {
    for (const { verb, packages } of verbs) {
      const specs = packages.map(({ name, version }) => `${name}-${version}`);
      await runPackageManager(context, manager, [verb, ...excludeOptions, ...specs]);
    }
  } catch (error) {
    if (!(error instanceof DroverError && error.code === 'command-failed')) throw error;
    const diagnosis = await diagnoseInstall(
      context,
      manager,
      { ...params, packages: differing, excludeOptions },
      error,
    );
    throw diagnosis ?? error;
  }
  await rejectSkipped(context, manager, params, excludeOptions);
}

/** yum ends with success when it has found some of the packages, and leaves the others out. */
async function rejectSkipped(
  context: ApplyContext,
  manager: PackageManager,
  params: InstallPackages,
  excludeOptions: readonly string[],
): Promise<void> {
  const { differing: packages } = await look(context, params);
  if (packages.length === 0) return;
  const diagnosis = await diagnoseInstall(context, manager, { ...params, packages, excludeOptions }, undefined);
  // With no cause to be found, inspecting again says what is still different.
  if (diagnosis !== undefined) throw diagnosis;
}

async function hold({ host }: ApplyContext, { packages }: InstallPackages): Promise<void> {
  const { configuration } = await findPackageManager(host);
  const content = (await host.readFile(configuration)) ?? '';
  const held = heldPackages(content);
  const missing = packages.map(({ name }) => name).filter((name) => !held.includes(name));
  if (missing.length === 0) return;
  const mode = (await host.status(configuration))?.mode ?? 0o644;
  await host.writeFile(configuration, holdPackages(content, missing), { mode });
}
