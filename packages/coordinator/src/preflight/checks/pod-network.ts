import { specCheck } from '../define-check.ts';

/** A node without a pod network stays NotReady. */
export const podNetwork = specCheck({
  id: 'pod-network',
  title: 'The cluster file names a pod network',
  shows: 'Nothing: there is none',
  rules: {
    none: {
      severity: 'warning',
      when: 'It names none',
      source:
        'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/#pod-network',
      remedy: 'Set spec.networking.manifestFile.',
    },
  },
  ofSpec: ({ spec }) => {
    if (spec.networking.manifest !== undefined) return [];
    const message = 'the cluster file names no pod network: nodes become Ready only once someone else applies one';
    return [{ rule: 'none', message }];
  },
});
