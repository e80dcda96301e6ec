import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

const source =
  'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#installing-kubeadm-kubelet-and-kubectl';

/** SELinux is what the cluster file says, now and after a reboot; where it is disabled it stays so. */
export const selinux = nodeCheck({
  id: 'selinux',
  title: 'SELinux is what the cluster file says, now and after a reboot',
  scope: 'node',
  reads: ['selinux'],
  shows: 'Its mode, and that of /etc/selinux/config',
  rules: {
    runtime: { ...mendedBy('configure-selinux'), when: 'It is in another mode', source },
    configured: { ...mendedBy('configure-selinux'), when: '/etc/selinux/config has another mode', source },
    disabled: {
      severity: 'warning',
      when: 'It is disabled, and the cluster file wants it enforcing: Drover leaves it disabled',
      source,
      remedy:
        'Enable it and relabel the file systems (`fixfiles onboot`), then restart the machine; or set spec.selinux to permissive.',
    },
  },
  ofNode: ({ facts: { selinux: found } }, { spec }) => {
    const wanted = spec.selinux ?? 'permissive';
    const says = `/etc/selinux/config says ${found.configured ?? 'nothing'}`;
    if (found.runtime === 'disabled') {
      if (wanted !== 'enforcing') return [];
      return [
        { rule: 'disabled', message: 'SELinux is disabled, and the cluster file wants it enforcing', evidence: [says] },
      ];
    }
    if (found.runtime !== wanted)
      return [{ rule: 'runtime', message: `SELinux is ${found.runtime}`, evidence: [says] }];
    if (found.configured === null || found.configured === wanted) return [];
    return [{ rule: 'configured', message: says }];
  },
});
