import type { Check, FindingDraft } from '../check.ts';

/** Packages are installed with dnf or yum from yum repositories, so far. */
export const osSupported: Check = {
  id: 'os-supported',
  ofFacts: ({ nodes }) =>
    nodes.flatMap(({ spec, facts }): readonly FindingDraft[] => {
      const { packageManager, prettyName } = facts.os;
      if (packageManager === 'dnf' || packageManager === 'yum') return [];
      return [
        {
          severity: 'error',
          node: spec.name,
          message: `${prettyName} has ${packageManager ?? 'no package manager that Drover knows'}; dnf or yum is needed`,
          remedy: 'Use a machine of the EL family: CentOS, Rocky Linux, AlmaLinux, RHEL.',
        },
      ];
    }),
};
