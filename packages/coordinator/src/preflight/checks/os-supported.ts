import { nodeCheck } from '../define-check.ts';

/** Packages are installed with dnf or yum from yum repositories, so far. */
export const osSupported = nodeCheck({
  id: 'os-supported',
  title: 'The system has a package manager that Drover drives',
  scope: 'node',
  reads: ['os'],
  shows: 'The system’s name',
  rules: {
    unsupported: {
      severity: 'error',
      when: 'It has neither dnf nor yum',
      remedy: 'Use a machine of the EL family: CentOS, Rocky Linux, AlmaLinux, RHEL.',
    },
  },
  ofNode: ({ facts: { os } }) => {
    if (os.packageManager === 'dnf' || os.packageManager === 'yum') return [];
    const found = os.packageManager ?? 'no package manager that Drover knows';
    const evidence = [`${os.id} ${os.versionId}`];
    return [{ rule: 'unsupported', message: `${os.prettyName} has ${found}; dnf or yum is needed`, evidence }];
  },
});
