import { wantedRuntime } from '../../clusters/wanted-runtime.ts';
import { nodeCheck } from '../define-check.ts';
import type { VersionRange } from '../version-range.ts';
import { isWithin } from '../version-range.ts';
import { mendedBy } from './mended-by.ts';

interface Program {
  readonly kubernetes?: VersionRange;
  /** Whether kubeadm refuses without it; otherwise it warns. */
  readonly mandatory: boolean;
  /** The package of the kubelet brings it along, by its dependencies. */
  readonly comesWithKubelet: boolean;
}

/** As kubeadm looks for them: cmd/kubeadm/app/preflight/checks_linux.go of each version. */
const programs: Readonly<Record<string, Program>> = {
  conntrack: { mandatory: true, comesWithKubelet: true, kubernetes: { before: '1.32' } },
  crictl: { mandatory: true, comesWithKubelet: true, kubernetes: { before: '1.32' } },
  ip: { mandatory: true, comesWithKubelet: true, kubernetes: { before: '1.33' } },
  iptables: { mandatory: true, comesWithKubelet: true, kubernetes: { before: '1.33' } },
  mount: { mandatory: true, comesWithKubelet: true },
  nsenter: { mandatory: true, comesWithKubelet: true },
  ebtables: { mandatory: false, comesWithKubelet: true, kubernetes: { before: '1.32' } },
  ethtool: { mandatory: false, comesWithKubelet: true, kubernetes: { before: '1.33' } },
  socat: { mandatory: false, comesWithKubelet: true, kubernetes: { before: '1.32' } },
  tc: { mandatory: false, comesWithKubelet: false, kubernetes: { before: '1.33' } },
};

/** What kubeadm, the kubelet and kube-proxy call; the list got shorter over the years. */
export const requiredPrograms = nodeCheck({
  id: 'required-programs',
  title: 'The programs that kubeadm, the kubelet and kube-proxy call are on the path',
  scope: 'node',
  reads: ['programs', 'kubernetes'],
  shows: 'Which are missing',
  rules: {
    coming: {
      ...mendedBy('install-packages'),
      when: 'One is missing that the kubelet’s package brings along, which is not installed yet',
      source: 'https://github.com/kubernetes/release/blob/master/cmd/krel/templates/latest/kubelet/kubelet.spec',
    },
    missing: {
      severity: 'error',
      when: 'One is missing that kubeadm insists on: conntrack and crictl before 1.32, ip and iptables before 1.33, mount, nsenter',
      source: 'https://github.com/kubernetes/kubernetes/pull/126953',
      remedy:
        'Install the package that has it: conntrack-tools or conntrack, cri-tools, iproute, iptables, util-linux.',
    },
    recommended: {
      severity: 'warning',
      when: 'One is missing that kubeadm warns of: ebtables and socat before 1.32, ethtool and tc before 1.33',
      source: 'https://github.com/kubernetes/kubernetes/pull/127151',
      remedy: 'Install the package that has it; without socat `kubectl port-forward` does not work with Docker.',
    },
  },
  ofNode: ({ facts }, { spec }) => {
    const needed = Object.entries(programs).filter(
      ([name, { kubernetes }]) =>
        isWithin(spec.kubernetes.version, kubernetes) && !(name === 'crictl' && wantedRuntime(spec).name === 'docker'),
    );
    const missing = needed.filter(([name]) => facts.programs[name] === null);
    const unknown = needed.filter(([name]) => facts.programs[name] === undefined).map(([name]) => name);
    const isBare = facts.kubernetes.kubelet === null;
    const coming = missing.filter(([, { comesWithKubelet }]) => isBare && comesWithKubelet);
    const rest = missing.filter((each) => !coming.includes(each));
    const draft = <Rule extends string>(rule: Rule, found: readonly (readonly [string, Program])[]) => {
      if (found.length === 0) return [];
      const message = `${found.map(([name]) => name).join(', ')} ${found.length === 1 ? 'is' : 'are'} missing`;
      return [
        { rule, message, evidence: ['not in /usr/local/sbin, /usr/local/bin, /usr/sbin, /usr/bin, /sbin or /bin'] },
      ];
    };
    return [
      ...draft('coming', coming),
      ...draft(
        'missing',
        rest.filter(([, { mandatory }]) => mandatory),
      ),
      ...draft(
        'recommended',
        rest.filter(([, { mandatory }]) => !mandatory),
      ),
      ...(unknown.length === 0 ? [] : [{ untold: `whether ${unknown.join(', ')} is there` }]),
    ];
  },
});
