import type { Facts } from '@drover/proto';
import { contains, overlaps, parseAddress, parseNetwork } from '../../clusters/ip-network.ts';
import { insideCluster } from '../../clusters/proxy-exemptions.ts';
import { nodeCheck } from '../define-check.ts';

type Proxy = NonNullable<Facts['proxies']>[number];

/** Go programs (kubeadm, the kubelet, Docker) send everything to a proxy that no_proxy does not name. */
export const proxies = nodeCheck({
  id: 'proxies',
  title: 'Nothing inside the cluster is reached through a proxy',
  scope: 'node',
  reads: ['proxies'],
  shows: 'The file that sets the proxy, and its no_proxy',
  rules: {
    inside: {
      severity: 'warning',
      when: 'A proxy is set, and its no_proxy lacks the endpoint, a node, or the network of pods or services',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#preflight-checks',
      remedy: 'Add what is missing to NO_PROXY in the file.',
    },
  },
  ofNode: ({ facts }, { spec }) =>
    facts.proxies.flatMap((proxy) => {
      if (proxy.http === null && proxy.https === null) return [];
      const missing = insideCluster(spec).filter((target) => !isExempt(target, proxy));
      if (missing.length === 0) return [];
      const message = `${proxy.path} sends ${missing.join(', ')} through a proxy`;
      const evidence = [`proxy: ${proxy.https ?? proxy.http}`, `no_proxy: ${proxy.noProxy.join(', ') || 'none'}`];
      return [{ rule: 'inside', message, evidence, remedy: `Add ${missing.join(',')} to NO_PROXY in ${proxy.path}.` }];
    }),
});

/** As golang.org/x/net/http/httpproxy reads it: names with their subdomains, addresses, networks, * for everything. */
function isExempt(target: string, { noProxy }: Proxy): boolean {
  return noProxy.some((entry) => {
    if (entry === '*' || entry === target) return true;
    const network = parseNetwork(entry);
    if (network !== undefined) {
      const wanted = parseNetwork(target);
      if (wanted !== undefined) return overlaps(network, wanted) && network.prefixLength <= wanted.prefixLength;
      return contains(network, target);
    }
    return parseAddress(target) === undefined && target.endsWith(entry.startsWith('.') ? entry : `.${entry}`);
  });
}
