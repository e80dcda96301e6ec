import { DroverError } from '@drover/core';
import type { InstallPackages } from '@drover/proto';
import { readRpmVersions } from '../../../facts/packages.ts';
import type { ReadonlyHost } from '../../../host/host.ts';
import type { ApplyContext, InspectContext } from '../../action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from '../../files/file-edit.ts';
import { command, comment } from '../../shell/quote.ts';
import type { DifferingPackage, PackageState, PackageSystem } from '../package-system.ts';
import { diagnoseInstall } from './diagnose-install.ts';
import { heldPackages, holdByHand, holdPackages } from './package-hold.ts';
import { findPackageManager, type PackageManager, runPackageManager } from './package-manager.ts';
import { compareRpmVersions } from './rpm-version.ts';

/** Packages of systems with dnf or yum. */
export const rpmPackages: PackageSystem = { look, install, hold, byHand };

async function look({ host }: InspectContext, { packages }: InstallPackages): Promise<PackageState> {
  const names = packages.map(({ name }) => name);
  const [versions, edit] = await Promise.all([
    readRpmVersions(host, names, { timeoutMs: 30_000 }),
    holdingOf(host, names),
  ]);
  const differing = packages
    .map((each): DifferingPackage => ({ ...each, installed: versions.get(each.name) }))
    .filter(({ installed, version }) => installed !== version);
  const told = (content = '') => heldPackages(content).join(' ');
  const holding = changesOfEdit(edit, { before: told(edit.before), after: told(edit.after) }).map((change) => ({
    ...change,
    subject: `packages held in ${edit.path}`,
  }));
  return { differing, holding };
}

async function holdingOf(host: ReadonlyHost, names: readonly string[]): Promise<FileEdit> {
  const { configuration: path } = await findPackageManager(host);
  const [before, status] = await Promise.all([host.readFile(path), host.status(path)]);
  const held = heldPackages(before ?? '');
  const missing = names.filter((name) => !held.includes(name));
  const after = missing.length === 0 ? (before ?? '') : holdPackages(before ?? '', missing);
  return { path, before, after, mode: status?.mode ?? 0o644 };
}

async function install(
  context: ApplyContext,
  params: InstallPackages,
  differing: readonly DifferingPackage[],
): Promise<void> {
  const manager = await findPackageManager(context.host);
  const options = excludeOptions(params);
  try {
    for (const { verb, packages } of transactions(differing)) {
      const specs = packages.map(({ name, version }) => `${name}-${version}`);
      await runPackageManager(context, manager, [verb, ...options, ...specs]);
    }
  } catch (error) {
    if (!(error instanceof DroverError && error.code === 'command-failed')) throw error;
    const diagnosis = await diagnoseInstall(
      context,
      manager,
      { ...params, packages: differing, excludeOptions: options },
      error,
    );
    throw diagnosis ?? error;
  }
  await rejectSkipped(context, manager, params);
}

/** yum ends with success when it has found some of the packages, and leaves the others out. */
async function rejectSkipped(context: ApplyContext, manager: PackageManager, params: InstallPackages): Promise<void> {
  const { differing: packages } = await look(context, params);
  if (packages.length === 0) return;
  const sought = { ...params, packages, excludeOptions: excludeOptions(params) };
  const diagnosis = await diagnoseInstall(context, manager, sought, undefined);
  // With no cause to be found, inspecting again says what is still different.
  if (diagnosis !== undefined) throw diagnosis;
}

/** Excludes are for updates that nobody asked for. */
function excludeOptions({ repository }: InstallPackages): readonly string[] {
  return ['main', repository].filter((section) => section !== '').map((section) => `--disableexcludes=${section}`);
}

/** An install does not go back to an older version: that is a verb of its own. */
function transactions(differing: readonly DifferingPackage[]) {
  const isNewer = ({ installed, version }: DifferingPackage) =>
    installed !== undefined && compareRpmVersions(installed, version) > 0;
  return [
    { verb: 'downgrade', packages: differing.filter(isNewer) },
    { verb: 'install', packages: differing.filter((each) => !isNewer(each)) },
  ].filter(({ packages }) => packages.length > 0);
}

async function hold({ host }: ApplyContext, { packages }: InstallPackages): Promise<void> {
  const names = packages.map(({ name }) => name);
  await makeEdit(host, await holdingOf(host, names));
}

async function byHand(context: InspectContext, params: InstallPackages): Promise<readonly string[]> {
  const { program, configuration } = await findPackageManager(context.host);
  const { differing } = await look(context, params);
  const specs = (of: readonly DifferingPackage[]) => of.map(({ name, version }) => `${name}-${version}`);
  return [
    ...transactions(differing).map(({ verb, packages }) =>
      command(program, '-y', verb, ...excludeOptions(params), ...specs(packages)),
    ),
    comment('Held: no update moves them.'),
    ...params.packages.map(({ name }) => holdByHand(configuration, name)),
  ];
}
