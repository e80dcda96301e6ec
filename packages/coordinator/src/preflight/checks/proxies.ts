import { covers, parseAddress, parseNetwork } from '@drover/core';
import type { Facts } from '@drover/proto';
import type { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { exemptions, insideCluster } from '../../clusters/proxy-exemptions.ts';
import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';

type Proxy = NonNullable<Facts['proxies']>[number];

/** Go programs (kubeadm, the kubelet, Docker) send everything to a proxy that no_proxy does not name. */
export const proxies = nodeCheck({
  id: 'proxies',
  title:
    'Nothing inside the cluster is reached through a proxy, and a member’s runtime has the one of the cluster file',
  scope: 'node',
  reads: ['proxies', 'membership'],
  shows: 'The file that sets the proxy, and its no_proxy',
  rules: {
    inside: {
      severity: 'warning',
      when: 'A proxy is set, and its no_proxy lacks the endpoint, a node, or the network of pods or services',
      source: 'https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/#preflight-checks',
      remedy: 'Add what is missing to NO_PROXY in the file.',
    },
    dropIn: {
      ...mendedBy('configure-runtime-proxy'),
      when: 'The drop-in of a member’s runtime is not there, or has another proxy than `spec.proxy` or fewer exceptions',
      source: 'https://docs.docker.com/engine/daemon/proxy/#systemd-unit-file',
    },
  },
  ofNode: ({ facts: { proxies: found, membership } }, { spec }) => {
    const own = membership.kubeletConfigured && spec.proxy !== undefined ? dropInOf(spec) : undefined;
    const others = found
      .filter(({ path }) => path !== own)
      .flatMap((proxy) => {
        if (proxy.http === null && proxy.https === null) return [];
        const missing = insideCluster(spec).filter((target) => !isExempt(target, proxy));
        if (missing.length === 0) return [];
        const message = `${proxy.path} sends ${missing.join(', ')} through a proxy`;
        const evidence = [`proxy: ${proxy.https ?? proxy.http}`, `no_proxy: ${proxy.noProxy.join(', ') || 'none'}`];
        const remedy = `Add ${missing.join(',')} to NO_PROXY in ${proxy.path}.`;
        return [{ rule: 'inside' as const, message, evidence, remedy }];
      });
    if (own === undefined) return others;
    const evidence = differences(
      found.find(({ path }) => path === own),
      spec,
    );
    const message = `${own} is not as it is wanted`;
    return evidence.length === 0 ? others : [...others, { rule: 'dropIn', message, evidence }];
  },
});

/** The file that a run writes. */
function dropInOf(spec: ClusterSpec): string {
  return `/etc/systemd/system/${wantedRuntime(spec).name}.service.d/http-proxy.conf`;
}

/** Without what else it exempts: that is nobody’s loss. */
function differences(found: Proxy | undefined, spec: ClusterSpec): readonly string[] {
  if (found === undefined) return ['it is not there, or sets no proxy'];
  // systemd wants a % twice.
  const inFile = (text: string) => text.replaceAll('%', '%%');
  const addresses = (['http', 'https'] as const).flatMap((scheme) => {
    const [present, wanted] = [found[scheme], spec.proxy?.[scheme] ?? null];
    if (present === (wanted === null ? null : inFile(wanted))) return [];
    return [`${scheme}: ${present ?? 'none'}, and ${wanted ?? 'none'} is wanted`];
  });
  const missing = exemptions(spec).filter((entry) => !found.noProxy.includes(inFile(entry)));
  return [...addresses, ...(missing.length === 0 ? [] : [`no_proxy lacks ${missing.join(', ')}`])];
}

/** As golang.org/x/net/http/httpproxy reads it: names with their subdomains, addresses, networks, * for everything. */
function isExempt(target: string, { noProxy }: Proxy): boolean {
  return noProxy.some((entry) => {
    if (entry === '*' || entry === target) return true;
    if (parseNetwork(entry) !== undefined) return covers(entry, target);
    return parseAddress(target) === undefined && target.endsWith(entry.startsWith('.') ? entry : `.${entry}`);
  });
}
