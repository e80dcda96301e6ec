import type { Fault } from '@drover/core';
import type { Change, InstallPackages } from '@drover/proto';
import type { EnsureAction } from './action.ts';
import { findPackageSystem } from './packages/package-system.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';

/**
 * Packages at exactly these versions, up or down from what is installed, and held there: neither a person's nor a timer's
 * `update` moves them. Waits for other transactions on the machine.
 */
export const installPackages: EnsureAction<'install-packages'> = {
  kind: 'ensure',
  name: 'install-packages',
  inspect: async (context, params) => {
    rejectFaults('install-packages', context.nodeName, packageFaults(params));
    const system = await findPackageSystem(context.host);
    const { differing, held, heldIn } = await system.look(context, params);
    const names = params.packages.map(({ name }) => name);
    const missing = names.filter((name) => !held.includes(name));
    const changes: Change[] = differing.map(({ name, version, installed }) => ({
      subject: `package ${name}`,
      before: installed ?? 'not installed',
      after: version,
    }));
    if (missing.length > 0) {
      const after = [...held, ...missing].join(' ');
      changes.push({ subject: `packages held in ${heldIn}`, before: held.join(' '), after });
    }
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    const system = await findPackageSystem(context.host);
    const { differing } = await system.look(context, params);
    if (differing.length > 0) await system.install(context, params, differing);
    await system.hold(context, params);
  },
};

function packageFaults({ packages, repository }: InstallPackages): readonly Fault[] {
  return [
    ...faultUnless(packages.length > 0, 'packages', 'is empty'),
    ...faultUnless(/^[A-Za-z0-9._-]*$/.test(repository), 'repository', `is no repository id: "${repository}"`),
    ...packages.flatMap(({ name, version }, i) => [
      ...faultUnless(/^[A-Za-z0-9][\w.+-]*$/.test(name), `packages[${i}].name`, `is no package name: "${name}"`),
      ...faultUnless(/^[A-Za-z0-9][\w.+~^:-]*$/.test(version), `packages[${i}].version`, `is no version: "${version}"`),
    ]),
  ];
}
