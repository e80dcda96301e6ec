/** Files and directories from which facts are read, or that say that a fact has moved: a stamp of each is enough. */
export const stampedPaths: readonly string[] = [
  ...['/etc/fstab', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/etc/selinux/config', '/etc/sysctl.conf'],
  ...['/etc/crictl.yaml', '/etc/environment', '/etc/yum.conf', '/etc/dnf/dnf.conf', '/etc/dnf/plugins'],
  ...['/etc/sysctl.d', '/etc/modules-load.d', '/etc/docker', '/etc/containerd', '/etc/containerd/conf.d'],
  ...['/etc/yum.repos.d', '/etc/yum/pluginconf.d', '/etc/apt/sources.list.d', '/etc/apt/preferences.d'],
  ...['/etc/systemd/system', '/etc/systemd/system/multi-user.target.wants', '/etc/systemd/system/docker.service.d'],
  ...['/etc/systemd/system/containerd.service.d', '/etc/systemd/system/cri-docker.service.d'],
  ...['/etc/systemd/system/kubelet.service.d', '/etc/systemd/system/sockets.target.wants'],
  ...['/etc/sysconfig/kubelet', '/etc/default/kubelet', '/etc/kubernetes', '/etc/kubernetes/manifests'],
  ...['/var/lib/kubelet/config.yaml', '/var/lib/kubelet/kubeadm-flags.env'],
  ...['/etc/ufw', '/etc/default/ufw', '/etc/firewalld', '/etc/firewalld/zones', '/etc/firewalld/ipsets'],
  // The databases of package managers, each without what is written beside it when it is only read.
  ...['/var/lib/rpm/rpmdb.sqlite', '/var/lib/rpm/Packages', '/usr/lib/sysimage/rpm/rpmdb.sqlite'],
  '/var/lib/dpkg/status',
];

/** Directories of directories, each of which counts with what is directly in it: one for every registry of containerd. */
export const stampedFolders: readonly string[] = ['/etc/containerd/certs.d'];

/** Where the system says that a file was written, made or removed: inotify(7), one watch each, nothing below. */
export const eventDirectories: readonly string[] = [
  ...['/etc', '/etc/sysctl.d', '/etc/modules-load.d', '/etc/docker', '/etc/containerd', '/etc/yum.repos.d'],
  ...['/etc/apt/sources.list.d', '/etc/apt/preferences.d', '/etc/systemd/system', '/etc/selinux'],
  ...['/etc/systemd/system/multi-user.target.wants', '/etc/systemd/system/kubelet.service.d', '/etc/kubernetes'],
  ...['/etc/ufw', '/etc/firewalld', '/etc/firewalld/zones'],
  ...['/var/lib/kubelet', '/var/lib/rpm', '/usr/lib/sysimage/rpm', '/var/lib/dpkg'],
];

/** What the kernel shows as files, whose stamps say nothing: the content does. */
export const kernelFiles: readonly string[] = [
  '/proc/swaps',
  '/proc/sys/net/ipv4/ip_forward',
  '/proc/sys/net/bridge/bridge-nf-call-iptables',
  '/proc/sys/net/bridge/bridge-nf-call-ip6tables',
  '/sys/fs/selinux/enforce',
];

/** Services whose control group is there exactly while they run. */
export const watchedServices: readonly string[] = [
  'kubelet.service',
  'docker.service',
  'containerd.service',
  'cri-docker.service',
  'firewalld.service',
];
