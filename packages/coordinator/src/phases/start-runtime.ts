import type { ActionCall, ConfigureContainerd, ConfigureDocker } from '@drover/proto';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { exemptions } from '../clusters/proxy-exemptions.ts';
import type { ContainerdSpec, DockerSpec } from '../clusters/runtime-spec.ts';
import { wantedRegistries } from '../clusters/wanted-registries.ts';
import { wantedRuntime } from '../clusters/wanted-runtime.ts';
import { wantedSandboxImage } from '../kubeadm/image-options.ts';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase, StepTemplate } from '../plan/workflow.ts';

/** The runtime configured before its first start, so that it need not be restarted, then started now and at every boot. */
export const startRuntime: Phase = {
  name: 'start-runtime',
  after: [{ phase: 'install-runtime', of: 'same-node' }],
  steps: (view) => {
    const calls = callsOf(view.spec);
    return targetNodes(view).flatMap(({ name: node }) => calls.map((each) => ({ node, ...each })));
  },
};

/** One action, with what tells it apart from another of the same name. */
type RuntimeStep = Pick<StepTemplate, 'call' | 'label'>;

function callsOf(spec: ClusterSpec): readonly RuntimeStep[] {
  const runtime = wantedRuntime(spec);
  if (runtime.name === 'containerd') {
    return [
      ...proxied(spec, 'containerd.service'),
      { call: { name: 'configure-containerd', params: containerdConfiguration(spec, runtime.containerd) } },
      { call: started('containerd.service') },
      { call: { name: 'configure-crictl', params: { endpoint: 'unix:///run/containerd/containerd.sock' } } },
    ];
  }
  const { docker } = runtime;
  return [
    ...proxied(spec, 'docker.service'),
    { call: { name: 'configure-docker', params: dockerConfiguration(docker) } },
    { call: started('docker.service') },
    ...(docker.criDockerd === undefined ? [] : criDockerdCalls(spec)),
  ];
}

function criDockerdCalls(spec: ClusterSpec): readonly RuntimeStep[] {
  return [
    { call: { name: 'configure-cri-dockerd', params: { sandboxImage: wantedSandboxImage(spec) } } },
    // The socket first: it is what systemd hands to the service.
    { call: started('cri-docker.socket'), label: 'cri-docker.socket' },
    { call: started('cri-docker.service'), label: 'cri-docker.service' },
    { call: { name: 'configure-crictl', params: { endpoint: 'unix:///run/cri-dockerd.sock' } } },
  ];
}

/** Only where a proxy is asked for: nobody's own is touched. */
function proxied(spec: ClusterSpec, unit: string): readonly RuntimeStep[] {
  const { proxy } = spec;
  if (proxy === undefined) return [];
  const { http = '', https = '' } = proxy;
  const params = { unit, httpProxy: http, httpsProxy: https, noProxy: [...exemptions(spec)] };
  return [{ call: { name: 'configure-runtime-proxy', params } }];
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
    sandboxImage: wantedSandboxImage(spec),
    registries: wantedRegistries(containerd),
  };
}
