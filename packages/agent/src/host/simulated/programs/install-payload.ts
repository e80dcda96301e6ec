import type { ProgramCall } from '../program.ts';

/** A package at a version of its authors'. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
}

/** Unit files and programs that packages bring along. */
const payloads: Readonly<Record<string, readonly string[]>> = {
  'docker-ce': ['/usr/bin/dockerd', '/usr/lib/systemd/system/docker.service'],
  'docker-ce-cli': ['/usr/bin/docker'],
  'containerd.io': ['/usr/bin/containerd', '/usr/lib/systemd/system/containerd.service'],
  'cri-dockerd': [
    '/usr/bin/cri-dockerd',
    '/usr/lib/systemd/system/cri-docker.service',
    '/usr/lib/systemd/system/cri-docker.socket',
  ],
  kubelet: ['/usr/bin/kubelet', '/usr/lib/systemd/system/kubelet.service'],
  kubeadm: ['/usr/bin/kubeadm'],
  kubectl: ['/usr/bin/kubectl'],
};

/** Puts what packages bring along on the machine, and remembers their versions. */
export async function installPayload(call: ProgramCall, packages: readonly InstalledPackage[]): Promise<void> {
  for (const { name } of packages) {
    for (const path of payloads[name] ?? []) await call.machine.files.writeFile(path, '', { mode: 0o755 });
  }
  await call.machine.change((state) => {
    for (const { name, version } of packages) state.packages[name] = version;
  });
}
