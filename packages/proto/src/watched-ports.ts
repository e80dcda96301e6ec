/**
 * The ports that facts tell listeners of: those of Kubernetes' parts and of usual pod networks, and those that API servers
 * are put on when 6443 is not free. https://kubernetes.io/docs/reference/networking/ports-and-protocols/
 */
export const watchedPorts = {
  tcp: [
    179, 443, 2379, 2380, 2381, 5473, 6443, 6444, 7443, 8443, 9443, 10248, 10249, 10250, 10256, 10257, 10259, 16443,
  ],
  udp: [4789, 8472, 51820],
} as const satisfies Record<'tcp' | 'udp', readonly number[]>;
