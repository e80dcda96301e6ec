import { nodeCheck } from '../define-check.ts';

/** kubeadm's reset leaves some of these behind by itself, and says so; the next cluster trips over them. */
export const leftovers = nodeCheck({
  id: 'leftovers',
  title: 'Nothing of an earlier cluster is left on a machine that is no member',
  scope: 'node',
  reads: ['leftovers', 'membership'],
  shows: 'The paths and interfaces that are there',
  rules: {
    manifests: {
      severity: 'warning',
      when: 'There are static pods: kubeadm refuses to write its own, unless it was interrupted there',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#preflight-checks',
      remedy: 'Where no run of Drover was interrupted here, run `kubeadm reset` on the node.',
    },
    podNetwork: {
      severity: 'warning',
      when: 'There is a configuration or an interface of a pod network: pods may get addresses of the earlier cluster',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/#cleanup-of-cni-configuration',
      remedy:
        'Remove /etc/cni/net.d and /var/lib/cni, and the interfaces (`ip link delete NAME`), unless the machine’s owner put them there.',
    },
    other: {
      severity: 'warning',
      when: 'There are kubeconfigs, certificates or a state of the kubelet',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/',
      remedy: 'Where no run of Drover was interrupted here, run `kubeadm reset` on the node.',
    },
  },
  ofNode: ({ facts: { leftovers: found, membership } }) => {
    if (membership.kubeletConfigured) return [];
    const byRule = Map.groupBy(found, ruleOf);
    return [...byRule].map(([rule, places]) => ({
      rule,
      message: `an earlier cluster has left ${places.length === 1 ? places[0] : `${places.length} things`} behind`,
      evidence: places,
    }));
  },
});

function ruleOf(place: string): 'manifests' | 'podNetwork' | 'other' {
  if (place.startsWith('/etc/kubernetes/manifests/')) return 'manifests';
  return /^(\/etc\/cni|\/var\/lib\/cni|\/var\/lib\/calico|interface )/.test(place) ? 'podNetwork' : 'other';
}
