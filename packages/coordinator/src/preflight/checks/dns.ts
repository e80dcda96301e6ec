import { nodeCheck } from '../define-check.ts';

const source = 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/#known-issues';

/** Pods get the node's resolv.conf, and CoreDNS forwards to what is in it. */
export const dns = nodeCheck({
  id: 'dns',
  title: 'Pods can use the name servers of their node',
  scope: 'node',
  reads: ['naming'],
  shows: 'The name servers and search domains',
  rules: {
    none: { severity: 'warning', when: 'There is no name server', source, remedy: 'Name one in /etc/resolv.conf.' },
    loop: {
      severity: 'warning',
      when: 'The only ones are on the machine itself, and systemd-resolved does not run: CoreDNS would ask itself',
      source: 'https://coredns.io/plugins/loop/#troubleshooting-loops-in-kubernetes-clusters',
      remedy: 'Give the kubelet another file by resolvConf, with the servers that the local one asks.',
    },
    tooManyServers: {
      severity: 'info',
      when: 'There are more than three: the kubelet leaves the others out',
      source,
      remedy: 'Keep three name servers.',
    },
    tooManyDomains: {
      severity: 'warning',
      when: 'There are more than three search domains: pods have three of their own, and six is the limit',
      kubernetes: { before: '1.28' },
      source: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#dns-search-domain-list-limits',
      remedy: 'Keep three search domains.',
    },
  },
  ofNode: ({ facts: { naming } }) => {
    const { nameservers, searchDomains, upstreamNameservers } = naming;
    const evidence = [`name servers: ${list(nameservers)}`, `search domains: ${list(searchDomains)}`];
    const used = upstreamNameservers ?? nameservers;
    if (used.length === 0) return [{ rule: 'none', message: 'the machine has no name server', evidence }];
    return [
      ...(used.every(isLocal)
        ? [
            {
              rule: 'loop' as const,
              message: `${list(used)} is the machine itself, for a pod the pod itself`,
              evidence,
            },
          ]
        : []),
      ...(used.length > 3
        ? [{ rule: 'tooManyServers' as const, message: `there are ${used.length} name servers`, evidence }]
        : []),
      ...(searchDomains.length > 3
        ? [{ rule: 'tooManyDomains' as const, message: `there are ${searchDomains.length} search domains`, evidence }]
        : []),
    ];
  },
});

function isLocal(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

function list(words: readonly string[]): string {
  return words.length === 0 ? 'none' : words.join(', ');
}
