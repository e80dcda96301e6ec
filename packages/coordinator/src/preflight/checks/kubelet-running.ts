import { nodeCheck } from '../define-check.ts';

const source = 'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/kubelet-integration/';

/** kubeadm starts the kubelet once, when the machine becomes a member; from then on nobody does. */
export const kubeletRunning = nodeCheck({
  id: 'kubelet-running',
  title: 'The kubelet of a member runs, and starts at boot',
  scope: 'node',
  reads: ['units', 'membership'],
  shows: 'The state of its unit',
  rules: {
    stopped: {
      severity: 'warning',
      when: 'It does not run: the cluster takes the node for lost',
      source,
      remedy: 'See why (`journalctl -u kubelet`), and start it (`systemctl start kubelet`).',
    },
    disabled: {
      severity: 'warning',
      when: 'It runs, and does not start at boot',
      source,
      remedy: 'Have it start at boot (`systemctl enable kubelet`).',
    },
  },
  ofNode: ({ facts: { units, membership } }) => {
    if (!membership.kubeletConfigured) return [];
    const { active, enabled } = units['kubelet'] ?? { active: false, enabled: false };
    const evidence = [`kubelet.service: ${active ? 'active' : 'not active'}, ${enabled ? 'enabled' : 'not enabled'}`];
    if (!active) return [{ rule: 'stopped', message: 'the kubelet does not run', evidence }];
    return enabled ? [] : [{ rule: 'disabled', message: 'the kubelet does not start at boot', evidence }];
  },
});
