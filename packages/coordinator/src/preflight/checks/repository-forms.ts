import { packageFamily } from '../../plan/package-family.ts';
import { nodeCheck } from '../define-check.ts';

/** One cluster file may hold machines of both families: each takes its own form of a repository. */
export const repositoryForms = nodeCheck({
  id: 'repository-forms',
  title: 'Every repository of the cluster file has a form for the machine’s package manager',
  scope: 'node',
  reads: ['os'],
  shows: 'The package manager, and the form that is missing',
  rules: {
    missing: {
      severity: 'error',
      when: 'A repository has only yum’s form for a machine with apt, or only apt’s for one with yum or dnf',
      remedy:
        'Give the repository its other form in the cluster file: baseUrl for yum and dnf, apt for Debian’s family.',
    },
  },
  ofNode: ({ facts: { os } }, { spec }) => {
    const family = packageFamily(os);
    if (family === undefined) return [];
    const key = family === 'apt' ? 'apt' : 'baseUrl';
    const lacking = spec.repositories.filter((repository) => repository[key] === undefined).map(({ id }) => id);
    if (lacking.length === 0) return [];
    const message = `${os.prettyName} installs by ${os.packageManager}, and ${lacking.join(', ')} has no ${key}`;
    return [{ rule: 'missing', message, evidence: [`package manager: ${os.packageManager}`] }];
  },
});
