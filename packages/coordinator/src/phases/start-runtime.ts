import type { ActionCall, ConfigureContainerd, ConfigureDocker } from '@drover/proto';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { ContainerdSpec, DockerSpec } from '../clusters/runtime-spec.ts';
import { wantedRuntime } from '../clusters/wanted-runtime.ts';
import { sandboxImage } from '../kubeadm/images.ts';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { imageOptions } from './image-options.ts';

/** The runtime configured before its first start, so that it need not be restarted, then started now and at every boot. */
export const startRuntime: Phase = {
  name: 'start-runtime',
  after: [{ phase: 'install-runtime', of: 'same-node' }],
  steps: (view) => {
    const calls = callsOf(view.spec);
    return targetNodes(view).flatMap(({ name: node }) => calls.map((call) => ({ node, call })));
  },
};

function callsOf(spec: ClusterSpec): readonly ActionCall[] {
  const runtime = wantedRuntime(spec);
  if (runtime.name === 'containerd') {
    return [
      { name: 'configure-containerd', params: containerdConfiguration(spec, runtime.containerd) },
      started('containerd.service'),
    ];
  }
  return [{ name: 'configure-docker', params: dockerConfiguration(runtime.docker) }, started('docker.service')];
}

function started(unit: string): ActionCall {
  return { name: 'enable-service', params: { unit, running: true } };
}

function dockerConfiguration(docker: DockerSpec): ConfigureDocker {
  return {
    registryMirrors: [...(docker.registryMirrors ?? [])],
    insecureRegistries: [...(docker.insecureRegistries ?? [])],
    cgroupDriver: docker.cgroupDriver ?? 'systemd',
    logDriver: docker.logDriver ?? 'json-file',
    logOptions: docker.logOptions ?? {},
    storageDriver: docker.storageDriver ?? 'overlay2',
    storageOptions: [...(docker.storageOptions ?? [])],
  };
}

function containerdConfiguration(spec: ClusterSpec, containerd: ContainerdSpec): ConfigureContainerd {
  return {
    // Which version of the file it is began with: containerd's docs/PLUGINS.md.
    configVersion: Number.parseInt(containerd.version, 10) >= 2 ? 3 : 2,
    cgroupDriver: containerd.cgroupDriver ?? 'systemd',
    sandboxImage: containerd.sandboxImage ?? sandboxImage(imageOptions(spec)) ?? '',
    registries: (containerd.registries ?? []).map(({ host, mirrors, insecure, caCertificate }) => ({
      host,
      mirrors: [...(mirrors ?? [])],
      insecure: insecure ?? false,
      caCertificate: caCertificate ?? '',
    })),
  };
}
