import { dns } from '../../preflight/checks/dns.ts';
import { exampleView } from '../example-view.ts';
import { kubernetesAt, viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

testCheck(dns, {
  finds: [
    ['no name server', 'none', viewWith('worker-1', { naming: { nameservers: [] } }), /no name server/],
    [
      'a name server on the machine itself, without systemd-resolved',
      'loop',
      viewWith('worker-1', { naming: { nameservers: ['127.0.0.1'] } }),
      /127\.0\.0\.1 is the machine itself/,
    ],
    [
      'more name servers than a resolver uses',
      'tooManyServers',
      viewWith('worker-1', { naming: { nameservers: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'] } }),
      /4 name servers/,
    ],
    [
      'more search domains than pods can have',
      'tooManyDomains',
      viewWith('worker-1', { naming: { searchDomains: ['a.', 'b.', 'c.', 'd.'] } }),
      /4 search domains/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'systemd-resolved, whose own servers the kubelet is given',
      viewWith('worker-1', { naming: { nameservers: ['127.0.0.53'], upstreamNameservers: ['10.0.0.2'] } }),
    ],
    [
      'many search domains from Kubernetes 1.28 on',
      viewWith('worker-1', { naming: { searchDomains: ['a.', 'b.', 'c.', 'd.'] } }, kubernetesAt('v1.28.0')),
    ],
  ],
});
