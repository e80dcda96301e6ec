import type { Fitting, ReportFault } from '@drover/core';
import { parseAddress, parseNetwork } from '@drover/core';
import type { ClusterSpec } from './cluster-spec.ts';

/** What has to hold of `firewall` beyond its schema. */
export function firewallRules({ firewall, controlPlaneEndpoint }: Fitting<ClusterSpec>, report: ReportFault): void {
  firewall?.apiServerFrom?.forEach((source, index) => {
    if (source === undefined || parseAddress(source) !== undefined || parseNetwork(source) !== undefined) return;
    report(['firewall', 'apiServerFrom', index], `${source} is no IPv4 address or network`);
  });
  // keepalived's VRRP is a protocol of its own (RFC 5798, number 112), which ufw before 0.36.2 has no word for.
  if (firewall?.mode !== 'manage' || controlPlaneEndpoint?.servedBy?.kind !== 'haproxy') return;
  const advice = 'open the ports of the endpoint and VRRP by hand, and say leave';
  report(['firewall', 'mode'], `manage does not know what haproxy and keepalived need: ${advice}`);
}
