import type { ReadonlyHost } from '../host/host.ts';

/** Directories whose content a cluster makes. */
const directories = [
  '/etc/cni/net.d',
  '/etc/kubernetes/manifests',
  '/etc/kubernetes/pki',
  '/var/lib/cni/networks',
  '/var/lib/etcd',
  '/var/lib/kubelet/pki',
];

const files = [
  '/etc/kubernetes/admin.conf',
  '/etc/kubernetes/bootstrap-kubelet.conf',
  '/etc/kubernetes/controller-manager.conf',
  '/etc/kubernetes/kubelet.conf',
  '/etc/kubernetes/scheduler.conf',
  '/etc/kubernetes/super-admin.conf',
  '/var/lib/kubelet/config.yaml',
];

/** Interfaces that pod networks and kube-proxy make on purpose; tunl0 comes with a module, whoever loads it. */
const interfaces = ['cni0', 'flannel.1', 'kube-bridge', 'kube-ipvs0', 'vxlan.calico', 'cilium_host', 'weave'];

/** What is there of a cluster, present or past: paths, and interfaces as `interface NAME`. */
export async function readLeftovers(host: ReadonlyHost): Promise<string[]> {
  const [listed, present, links] = await Promise.all([
    Promise.all(directories.map(async (path) => (await host.listDirectory(path)).map((name) => `${path}/${name}`))),
    Promise.all(files.map(async (path) => ((await host.status(path)) === undefined ? [] : [path]))),
    host.listDirectory('/sys/class/net'),
  ]);
  const made = interfaces.filter((name) => links.includes(name)).map((name) => `interface ${name}`);
  return [...listed.flat().filter((path) => !isOfThePackage(path)), ...present.flat(), ...made];
}

/** The packages of containerd and of CNI plugins bring an example, which no pod network is. */
function isOfThePackage(path: string): boolean {
  return /\/(?:\.kubernetes-cni-keep|README|10-containerd-net\.conflist\.example|lost\+found)$/.test(path);
}
