import type { InspectContext } from '../action.ts';
import { ConfigMap, NodeObject } from './cluster-objects.ts';
import { getObject } from './kubectl.ts';
import { kubeletKubeconfig } from './kubelet.ts';

/** Which version of Kubernetes each part of a node is at, as `v1.20.2`. */
export interface NodeVersions {
  readonly kubeadm: string;
  /** By component; empty on a worker. */
  readonly staticPods: Readonly<Record<string, string>>;
  /** What kubeadm has written down for the cluster: the last version that it was upgraded to. */
  readonly cluster: string;
  /** Of the kubelet that runs, which may be older than the one that is installed. */
  readonly kubelet: string;
}

const manifests = '/etc/kubernetes/manifests';
const components = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/**
 * Reads them from the disk, and from the API with the kubelet's own credentials, which every member has. Throws
 * `cluster-unreachable`, `node-not-in-cluster`.
 */
export async function readVersions(context: InspectContext, nodeName: string): Promise<NodeVersions> {
  const asKubelet = { kubeconfig: kubeletKubeconfig };
  const [kubeadm, staticPods, config, node] = await Promise.all([
    readKubeadmVersion(context),
    readStaticPods(context),
    getObject(context, ConfigMap, ['--namespace=kube-system', 'configmap', 'kubeadm-config'], asKubelet),
    getObject(context, NodeObject, ['node', nodeName], asKubelet),
  ]);
  const cluster = /^kubernetesVersion:\s*(\S+)\s*$/m.exec(config?.data?.['ClusterConfiguration'] ?? '')?.[1];
  return { kubeadm, staticPods, cluster: cluster ?? '', kubelet: node?.status.nodeInfo.kubeletVersion ?? '' };
}

/** A version's parts, or undefined when it is none. */
export function parseVersion(version: string): { readonly minor: number; readonly patch: number } | undefined {
  const [, minor, patch] = /^v1\.(\d+)\.(\d+)$/.exec(version) ?? [];
  return minor === undefined || patch === undefined ? undefined : { minor: Number(minor), patch: Number(patch) };
}

async function readKubeadmVersion({ host, signal }: InspectContext): Promise<string> {
  const { stdout } = await host.query({ argv: ['kubeadm', 'version', '--output=short'], timeoutMs: 10_000, signal });
  return stdout.trim();
}

/** The image's tag is the component's version; manifests are written by kubeadm, one line to an image. */
async function readStaticPods({ host }: InspectContext): Promise<NodeVersions['staticPods']> {
  const entries = await Promise.all(
    components.map(async (name) => {
      const text = await host.readFile(`${manifests}/${name}.yaml`);
      const tag = /^\s+image:\s*\S+:(v[\w.-]+)\s*$/m.exec(text ?? '')?.[1];
      return tag === undefined ? [] : [[name, tag] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}
