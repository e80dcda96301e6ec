/** Something that a machine has before Drover comes, which stands in a cluster's way. */
export interface Wrong {
  readonly name: string;
  /** A script of sh that makes it so on a host of the lab. */
  readonly spoil: string;
  /** What a plan has to say: a finding of this check, or a change of this subject, whose text matches. */
  readonly named:
    | { readonly check: string; readonly text: RegExp }
    | { readonly subject: RegExp; readonly text: RegExp };
  /** A script of sh that succeeds once it is mended. */
  readonly isMended: string;
}

/** Each of them somebody’s machine: what years of other hands leave. Swap is named in files alone, and is never on. */
export const wrongs: readonly Wrong[] = [
  {
    name: 'fstab turns swap on',
    spoil: String.raw`printf '/dev/vg0/swap\tnone\tswap\tsw\t0\t0\t# of old\n# a comment about swap\n' >>/etc/fstab`,
    named: { subject: /^file \/etc\/fstab$/, text: /switched off by drover: \/dev\/vg0\/swap/ },
    isMended: `! grep -q '^/dev/vg0/swap' /etc/fstab && grep -qx '# a comment about swap' /etc/fstab`,
  },
  {
    name: 'a unit turns swap on',
    spoil: String.raw`printf '[Swap]\nWhat=/var/swap.img\n[Install]\nWantedBy=swap.target\n' >/etc/systemd/system/var-swap.img.swap
      systemctl enable var-swap.img.swap`,
    named: { subject: /^unit var-swap\.img\.swap$/, text: /masked/ },
    isMended: `[ "$(systemctl is-enabled var-swap.img.swap)" = masked ]`,
  },
  {
    name: 'packets are not forwarded',
    spoil: 'sysctl -qw net.ipv4.ip_forward=0',
    named: { check: 'sysctl', text: /^net\.ipv4\.ip_forward is 0$/ },
    isMended: `[ "$(cat /proc/sys/net/ipv4/ip_forward)" = 1 ]`,
  },
  {
    name: 'a hardening guide has packets not forwarded at the next boot either',
    spoil: `echo 'net.ipv4.ip_forward=0 ' >/etc/sysctl.d/60-hardening.conf`,
    named: { check: 'sysctl', text: /ip_forward is 0 at the next boot, by \/etc\/sysctl\.d\/60-hardening\.conf/ },
    isMended: 'grep -q net.ipv4.ip_forward /etc/sysctl.d/99-zz-drover.conf',
  },
  {
    name: 'the hostname is another',
    spoil: 'hostname golden-image && echo golden-image >/etc/hostname',
    named: { check: 'hostname', text: /the hostname is golden-image/ },
    isMended: `[ "$(hostname)" = worker-1 ] && [ "$(cat /etc/hostname)" = worker-1 ]`,
  },
  {
    name: 'the endpoint’s name leads to an earlier cluster',
    spoil: `echo '192.0.2.7 cluster-endpoint old-cluster' >>/etc/hosts`,
    named: { check: 'endpoint-resolvable', text: /cluster-endpoint is 192\.0\.2\.7/ },
    isMended: 'getent ahostsv4 cluster-endpoint | grep -qv 192.0.2.7 && grep -q old-cluster /etc/hosts',
  },
  {
    name: 'daemon.json has the other cgroup driver, and settings of its owner',
    spoil: `mkdir -p /etc/docker
      echo '{"exec-opts":["native.cgroupdriver=cgroupfs"],"log-level":"warn","debug":false}' >/etc/docker/daemon.json`,
    named: { subject: /daemon\.json/, text: /native\.cgroupdriver=systemd/ },
    isMended: `docker info 2>/dev/null | grep -q 'Cgroup Driver: systemd' && grep -q '"log-level": *"warn"' /etc/docker/daemon.json`,
  },
  {
    name: 'the repository of Kubernetes leads to a mirror that is gone',
    spoil: String.raw`printf '[kubernetes]\nname=Kubernetes\nbaseurl=http://127.0.0.1:9/gone\nenabled=1\ngpgcheck=0\n' >/etc/yum.repos.d/kubernetes.repo`,
    named: { subject: /^file \/etc\/yum\.repos\.d\/kubernetes\.repo$/, text: /^-.*127\.0\.0\.1:9/m },
    isMended: '! grep -q 127.0.0.1:9 /etc/yum.repos.d/kubernetes.repo',
  },
  {
    name: 'kubectl of another version is there',
    spoil: '',
    named: { subject: /kubectl/, text: /1\.19\.9/ },
    isMended: `[ "$(rpm -q --qf '%{version}' kubectl)" = 1.20.2 ]`,
  },
  {
    name: 'updates of the system would replace the kubelet',
    spoil: '',
    named: { check: 'package-holds', text: /kubectl/ },
    isMended: `grep -q '^exclude.*=.*kubectl' /etc/dnf/dnf.conf`,
  },
  {
    name: 'the module of bridges is not loaded at boot',
    spoil: 'rm -f /etc/modules-load.d/*',
    named: { subject: /modules-load\.d/, text: /br_netfilter/ },
    isMended: 'grep -rq br_netfilter /etc/modules-load.d',
  },
];
