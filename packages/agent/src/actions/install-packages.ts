import { DroverError, type Fault } from '@drover/core';
import type { Change, InstallPackages, Package } from '@drover/proto';
import { readRpmVersions } from '../facts/packages.ts';
import type { ApplyContext, EnsureAction, InspectContext } from './action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from './files/file-edit.ts';
import { diagnoseInstall } from './packages/diagnose-install.ts';
import { heldPackages, holdByHand, holdPackages } from './packages/package-hold.ts';
import { findPackageManager, type PackageManager, runPackageManager } from './packages/package-manager.ts';
import { compareRpmVersions } from './packages/rpm-version.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { command, comment } from './shell/quote.ts';

/**
 * Packages at exactly these versions, up or down from what is installed, and held there: neither a person's nor a timer's
 * `update` moves them. Waits for other transactions on the machine.
 */
export const installPackages: EnsureAction<'install-packages'> = {
  kind: 'ensure',
  name: 'install-packages',
  inspect: async (context, params) => {
    rejectFaults('install-packages', context.nodeName, packageFaults(params));
    const { differing, holding } = await look(context, params);
    const changes: Change[] = differing.map(({ name, version, installed }) => ({
      subject: `package ${name}`,
      before: installed ?? 'not installed',
      after: version,
    }));
    const told = (content = '') => heldPackages(content).join(' ');
    for (const change of changesOfEdit(holding, { before: told(holding.before), after: told(holding.after) }))
      changes.push({ ...change, subject: `packages held in ${holding.path}` });
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    const { differing, manager, holding } = await look(context, params);
    if (differing.length > 0) await install(context, manager, params, differing);
    await makeEdit(context.host, holding);
  },
  byHand: async (context, params) => {
    const { manager, differing } = await look(context, params);
    const specs = (of: readonly DifferingPackage[]) => of.map(({ name, version }) => `${name}-${version}`);
    return [
      ...transactions(differing).map(({ verb, packages }) =>
        command(manager.program, '-y', verb, ...excludeOptions(params), ...specs(packages)),
      ),
      comment('Held: no update moves them.'),
      ...params.packages.map(({ name }) => holdByHand(manager.configuration, name)),
    ];
  },
};

/** A package that is not there at the wanted version. */
interface DifferingPackage extends Package {
  readonly installed: string | undefined;
}

async function look({ host }: InspectContext, { packages }: InstallPackages) {
  const manager = await findPackageManager(host);
  const [versions, before, status] = await Promise.all([
    readRpmVersions(
      host,
      packages.map(({ name }) => name),
      { timeoutMs: 30_000 },
    ),
    host.readFile(manager.configuration),
    host.status(manager.configuration),
  ]);
  const differing = packages
    .map((each): DifferingPackage => ({ ...each, installed: versions.get(each.name) }))
    .filter(({ installed, version }) => installed !== version);
  const held = heldPackages(before ?? '');
  const missing = packages.map(({ name }) => name).filter((name) => !held.includes(name));
  const after = missing.length === 0 ? (before ?? '') : holdPackages(before ?? '', missing);
  const holding: FileEdit = { path: manager.configuration, before, after, mode: status?.mode ?? 0o644 };
  return { manager, differing, holding };
}

async function install(
  context: ApplyContext,
  manager: PackageManager,
  params: InstallPackages,
  differing: readonly DifferingPackage[],
): Promise<void> {
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
  await rejectSkipped(context, manager, params, options);
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

/** yum ends with success when it has found some of the packages, and leaves the others out. */
async function rejectSkipped(
  context: ApplyContext,
  manager: PackageManager,
  params: InstallPackages,
  options: readonly string[],
): Promise<void> {
  const { differing: packages } = await look(context, params);
  if (packages.length === 0) return;
  const diagnosis = await diagnoseInstall(
    context,
    manager,
    { ...params, packages, excludeOptions: options },
    undefined,
  );
  // With no cause to be found, inspecting again says what is still different.
  if (diagnosis !== undefined) throw diagnosis;
}

function packageFaults({ packages, repository }: InstallPackages): readonly Fault[] {
  return [
    ...faultUnless(packages.length > 0, 'packages', 'is empty'),
    ...faultUnless(/^[A-Za-z0-9._-]*$/.test(repository), 'repository', `is no repository id: "${repository}"`),
    ...packages.flatMap(({ name, version }, i) => [
      ...faultUnless(/^[A-Za-z0-9][\w.+-]*$/.test(name), `packages[${i}].name`, `is no package name: "${name}"`),
      ...faultUnless(/^[A-Za-z0-9][\w.+~^]*$/.test(version), `packages[${i}].version`, `is no version: "${version}"`),
    ]),
  ];
}
