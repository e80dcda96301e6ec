import type { Check } from '../check.ts';

/** A node without a pod network stays NotReady. */
export const podNetwork: Check = {
  id: 'pod-network',
  ofSpec: ({ spec }) =>
    spec.networking.manifest !== undefined
      ? []
      : [
          {
            severity: 'warning',
            message: 'the cluster file names no pod network: nodes become Ready only once someone else applies one',
            remedy: 'Set spec.networking.manifestFile.',
          },
        ],
};
