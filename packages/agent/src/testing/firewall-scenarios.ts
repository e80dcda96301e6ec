import type { ActionParams } from '@drover/proto';
import type { Host } from '../host/host.ts';
import type { AnyScenario } from './placed-scenario.ts';

const openings: ActionParams<'configure-firewall'> = {
  openings: [
    { source: '10.213.0.12', protocol: 'tcp', ports: [6443, 2379, 2380] },
    { source: '10.213.0.12', protocol: 'udp', ports: [8472] },
    { source: '10.9.0.0/24', protocol: 'tcp', ports: [6443] },
  ],
  podCidr: '10.244.0.0/16',
  exact: true,
};

/** Machines with a firewall: ufw on one, firewalld on the other. Bare ones have none. */
export const firewallScenarios: readonly AnyScenario[] = [
  {
    action: 'configure-firewall',
    node: 'control-plane-1',
    params: async (site) => {
      await enableUfw(site.context('control-plane-1').host);
      return openings;
    },
    rejected: [
      { ...openings, podCidr: '10.244.0.0/33' },
      { ...openings, openings: [{ source: 'any', protocol: 'tcp', ports: [22] }] },
      { ...openings, openings: [{ source: '10.0.0.1', protocol: 'sctp', ports: [22] }] },
      { ...openings, openings: [{ source: '10.0.0.1', protocol: 'tcp', ports: [] }] },
      { ...openings, openings: [{ source: '10.0.0.1', protocol: 'tcp', ports: [0] }] },
    ],
  },
  {
    action: 'configure-firewall',
    node: 'worker-1',
    params: async (site) => {
      await enableFirewalld(site.context('worker-1').host);
      return openings;
    },
  },
];

/** As its package and `ufw enable` leave it. */
export async function enableUfw(host: Host): Promise<void> {
  await host.run({ argv: ['ufw', '--force', 'enable'], timeoutMs: 10_000 });
}

/** As its package leaves it, running. */
export async function enableFirewalld(host: Host): Promise<void> {
  await host.writeFile('/usr/lib/systemd/system/firewalld.service', '[Service]\n', { mode: 0o644 });
  await host.writeFile('/etc/firewalld/firewalld.conf', 'DefaultZone=public\n', { mode: 0o644 });
  const zone = '<?xml version="1.0" encoding="utf-8"?>\n<zone>\n  <service name="ssh"/>\n</zone>\n';
  await host.writeFile('/etc/firewalld/zones/public.xml', zone, { mode: 0o644 });
  await host.run({ argv: ['systemctl', 'enable', '--now', 'firewalld.service'], timeoutMs: 10_000 });
}
