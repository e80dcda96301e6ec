import type { Check } from '../check.ts';
import { repairable } from './repairable.ts';

/** SELinux is what the cluster file says, now and after a reboot; where it is disabled it stays so. */
export const selinux: Check = {
  id: 'selinux',
  ofFacts: (view) => {
    const wanted = view.spec.selinux ?? 'permissive';
    return repairable('configure-selinux', ({ facts: { selinux: found } }) => {
      if (found.runtime === 'disabled') return [];
      return [
        ...(found.runtime === wanted ? [] : [`SELinux is ${found.runtime}`]),
        ...(found.configured === null || found.configured === wanted
          ? []
          : [`/etc/selinux/config says ${found.configured}`]),
      ];
    })(view);
  },
};
