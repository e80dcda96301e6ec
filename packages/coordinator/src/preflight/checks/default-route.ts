import { nodeCheck } from '../define-check.ts';

/** Without a way out, kubeadm finds no address to announce, and packets to service addresses leave no interface. */
export const defaultRoute = nodeCheck({
  id: 'default-route',
  title: 'Every node has a default route',
  scope: 'node',
  reads: ['network'],
  shows: 'The routes that there are',
  rules: {
    absentAndNeeded: {
      severity: 'error',
      when: 'There is none, and the cluster file gives the node no address',
      source:
        'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#check-network-adapters',
      remedy: 'Give the machine a default route, or the node an address under spec.nodes.',
    },
    absent: {
      severity: 'warning',
      when: 'There is none: a packet to a service address has no route, and is dropped before kube-proxy’s rules see it',
      source:
        'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#check-network-adapters',
      remedy: 'Give the machine a default route, or a route to spec.networking.serviceCidr.',
    },
  },
  ofNode: ({ spec, facts: { network } }) => {
    if (network.routes.some(({ destination }) => destination === '0.0.0.0/0')) return [];
    return [
      {
        rule: spec.address === undefined ? 'absentAndNeeded' : 'absent',
        message: 'the machine has no default route',
        evidence: network.routes.map((route) => `${route.destination} by ${route.interface}`),
      },
    ];
  },
});
