import { isIP } from 'node:net';
import { endpointKind } from '../../clusters/endpoint.ts';
import type { Check } from '../check.ts';

/** Every node reaches the API under the endpoint's name; without an address for /etc/hosts, DNS has to know it. */
export const endpointResolvable: Check = {
  id: 'endpoint-resolvable',
  ofSpec: ({ spec }) => {
    const { host, address } = spec.controlPlaneEndpoint;
    const inHosts = (spec.hosts ?? []).some(({ names }) => names.includes(host));
    if (address !== undefined || inHosts || isIP(host) !== 0 || endpointKind(spec) === 'hosts') return [];
    return [
      {
        severity: 'warning',
        message: `${host} has no address in the cluster file, so every node has to resolve it by DNS`,
        remedy: 'Set spec.controlPlaneEndpoint.address, or make sure that DNS knows the name before the run.',
      },
    ];
  },
};
