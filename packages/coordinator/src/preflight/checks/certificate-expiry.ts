import { nodeCheck } from '../define-check.ts';

const dayMs = 86_400_000;

/** kubeadm's certificates last a year, and an upgrade renews them: a month is time enough for one. */
const noticeMs = 30 * dayMs;

/** A cluster that nobody upgrades for a year stops, one part after the other, on the day of its birth. */
export const certificateExpiry = nodeCheck({
  id: 'certificate-expiry',
  title: 'The certificates of the kubelet and of the control plane are valid for another 30 days',
  scope: 'node',
  reads: ['certificates', 'clock'],
  shows: 'Path, subject and end of each',
  rules: {
    expired: {
      severity: 'error',
      when: 'One has expired',
      source: 'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/',
      remedy:
        'Renew them on the control-plane node (`kubeadm certs renew all`, then restart its static pods); a kubelet whose own has expired has to join again.',
    },
    soon: {
      severity: 'warning',
      when: 'One expires within 30 days',
      source: 'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/',
      remedy:
        'Upgrade the cluster, which renews them, or run `kubeadm certs renew all` on each control-plane node; the kubelet renews its own while it runs.',
    },
  },
  ofNode: ({ facts: { certificates, clock }, clockSkewMs }) => {
    const now = clock.nowMs - clockSkewMs;
    const dated = certificates.map((each) => ({ ...each, leftMs: Date.parse(each.expiresAt) - now }));
    const expired = dated.filter(({ leftMs }) => leftMs <= 0);
    const soon = dated.filter(({ leftMs }) => leftMs > 0 && leftMs <= noticeMs);
    const unclear = dated.filter(({ leftMs }) => Number.isNaN(leftMs));
    return [
      ...draft('expired' as const, expired, 'expired'),
      ...draft('soon' as const, soon, 'will expire within 30 days'),
      ...unclear.map(({ path, expiresAt }) => ({ untold: `${path} ends at "${expiresAt}"` })),
    ];
  },
});

interface Dated {
  readonly path: string;
  readonly subject: string;
  readonly expiresAt: string;
}

function draft<Rule extends string>(rule: Rule, found: readonly Dated[], what: string) {
  if (found.length === 0) return [];
  const which = found.length === 1 ? found[0]?.path : `${found.length} certificates`;
  const message = rule === 'expired' ? `${which} ${found.length === 1 ? 'has' : 'have'} ${what}` : `${which} ${what}`;
  return [
    {
      rule,
      message,
      evidence: found.map(({ path, subject, expiresAt }) => `${path} (${subject}): until ${expiresAt}`),
    },
  ];
}
