import type { Facts } from '@drover/proto';
import type { OpenPorts } from './firewall-openings.ts';

/** A firewall that keeps out what it has not been told to let in. */
export interface FirewallFilter extends OpenPorts {
  readonly name: 'firewalld' | 'ufw';
  /** Addresses and networks whose packets it forwards to wherever they go. */
  readonly forwardsFrom: readonly string[];
  /** What opens a port to everybody. */
  readonly command: (port: string) => string;
}

/** The ports of firewalld's own services that have to do with Kubernetes: /usr/lib/firewalld/services. */
const services: Readonly<Record<string, readonly string[]>> = {
  'etcd-client': ['2379/tcp'],
  'etcd-server': ['2380/tcp'],
  'kube-api': ['6443/tcp'],
  'kube-apiserver': ['6443/tcp'],
  'kube-control-plane': ['2379-2380/tcp', '6443/tcp', '10250/tcp', '10257/tcp', '10259/tcp'],
  'kube-control-plane-secure': ['2379-2380/tcp', '6443/tcp', '10250/tcp', '10257/tcp', '10259/tcp'],
  'kube-worker': ['10250/tcp', '30000-32767/tcp'],
  kubelet: ['10250/tcp'],
  'kubelet-worker': ['10250/tcp'],
};

/** Those that run on a machine and let in only some. */
export function firewallFilters({ firewalld, ufw }: NonNullable<Facts['firewall']>): readonly FirewallFilter[] {
  const zone: readonly FirewallFilter[] =
    firewalld === null || firewalld.target === 'ACCEPT'
      ? []
      : [
          {
            name: 'firewalld',
            ports: [...firewalld.ports, ...firewalld.services.flatMap((service) => services[service] ?? [])],
            openTo: firewalld.openTo,
            forwardsFrom: firewalld.forwardsFrom ?? [],
            command: (port) => `firewall-cmd --permanent --add-port=${port} && firewall-cmd --reload`,
          },
        ];
  const rules: readonly FirewallFilter[] =
    ufw === null || ufw.incoming === 'ACCEPT'
      ? []
      : [
          {
            name: 'ufw',
            ports: ufw.ports,
            openTo: ufw.openTo,
            forwardsFrom: ufw.forwardsFrom ?? [],
            command: (port) => `ufw allow ${port}`,
          },
        ];
  return [...zone, ...rules];
}
