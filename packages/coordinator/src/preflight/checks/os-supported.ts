import { packageFamily } from '../../plan/package-family.ts';
import { nodeCheck } from '../define-check.ts';

/** Packages are installed with dnf, yum or apt. */
export const osSupported = nodeCheck({
  id: 'os-supported',
  title: 'The system has a package manager that Drover drives',
  scope: 'node',
  reads: ['os'],
  shows: 'The system’s name',
  rules: {
    unsupported: {
      severity: 'error',
      when: 'It has neither dnf, yum nor apt',
      remedy: 'Use a machine of the EL family (CentOS, Rocky Linux, AlmaLinux, RHEL) or of Debian’s (Debian, Ubuntu).',
    },
  },
  ofNode: ({ facts: { os } }) => {
    if (packageFamily(os) !== undefined) return [];
    const evidence = [`${os.id} ${os.versionId}`];
    const message = `${os.prettyName} has no package manager that Drover knows; dnf, yum or apt is needed`;
    return [{ rule: 'unsupported', message, evidence }];
  },
});
