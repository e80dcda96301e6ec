import type { ReadonlyHost } from '../../host/host.ts';

/**
 * The socket by which this node's kubelet reaches its runtime, as kubeadm has written it; undefined where there is no kubelet
 * yet, or one that speaks to Docker itself. kubeadm gave it as a flag, and since 1.32 it may be a field of the file.
 */
export async function kubeletEndpoint(host: ReadonlyHost): Promise<string | undefined> {
  const flags = (await host.readFile('/var/lib/kubelet/kubeadm-flags.env')) ?? '';
  const flag = /--container-runtime-endpoint[= ]["']?([^\s"']+)/.exec(flags)?.[1];
  if (flag !== undefined) return flag;
  const paths = ['/var/lib/kubelet/instance-config.yaml', '/var/lib/kubelet/config.yaml'];
  const texts = await Promise.all(paths.map((path) => host.readFile(path)));
  const fields = texts.map((text) => /^containerRuntimeEndpoint:[ \t]+["']?([^\s"'#]+)/m.exec(text ?? '')?.[1]);
  return fields.find((field) => field !== undefined);
}
