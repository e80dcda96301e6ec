import type { ReadonlyHost } from '../host/host.ts';

/** Where container runtimes listen for the kubelet, after kubeadm's list: cmd/kubeadm/app/constants. */
const paths = [
  '/run/containerd/containerd.sock',
  '/run/cri-dockerd.sock',
  '/run/crio/crio.sock',
  '/run/docker.sock',
  '/var/run/dockershim.sock',
];

/** The sockets of container runtimes that there are. */
export async function readRuntimeSockets(host: ReadonlyHost): Promise<string[]> {
  const found = await Promise.all(paths.map((path) => host.status(path)));
  return paths.filter((_, index) => found[index] !== undefined);
}
