/** What other hands do to a member of a running cluster. */
export interface Drift {
  readonly name: string;
  /** A script of sh that does it on a host of the lab; none where it takes more than a script. */
  readonly spoil?: string;
  /** The check that finds it. */
  readonly check: string;
  readonly text: RegExp;
  /** A script of sh that succeeds once it is mended. */
  readonly isMended: string;
}

/** Swap is named in a file and never on: the hosts of the lab share the machine’s. */
export const drifts: readonly Drift[] = [
  {
    name: 'swap is to come back',
    spoil: String.raw`printf '/dev/vg0/swap2 none swap sw 0 0\n' >>/etc/fstab`,
    check: 'swap',
    text: /\/dev\/vg0\/swap2/,
    isMended: `! grep -q '^/dev/vg0/swap2' /etc/fstab`,
  },
  {
    name: 'ip_forward is 0',
    spoil: 'sysctl -qw net.ipv4.ip_forward=0',
    check: 'sysctl',
    text: /net\.ipv4\.ip_forward is 0/,
    isMended: `[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ]`,
  },
  {
    name: 'daemon.json was edited',
    spoil: `sed -i 's/"log-driver": *"[^"]*"/"log-driver":"journald"/' /etc/docker/daemon.json`,
    check: 'docker-settings',
    text: /log-driver/,
    isMended: `grep -q '"log-driver": *"json-file"' /etc/docker/daemon.json`,
  },
  {
    name: 'a package was upgraded',
    check: 'package-versions',
    text: /kubeadm/,
    isMended: `[ "$(rpm -q --qf '%{version}' kubeadm)" = 1.20.2 ] && kubeadm version >/dev/null`,
  },
  {
    name: 'the kubelet was stopped',
    spoil: 'systemctl stop kubelet',
    check: 'kubelet-running',
    text: /kubelet/,
    isMended: 'systemctl is-active --quiet kubelet',
  },
];
