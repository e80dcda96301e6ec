import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { controlPlaneImages, type ImageOptions, workerImages } from '../kubeadm/images.ts';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** To each machine the images that it needs and no others. */
export const pullImages: Phase = {
  name: 'pull-images',
  after: [{ phase: 'start-runtime', of: 'same-node' }],
  steps: (view) => {
    const options = imageOptions(view.spec);
    return targetNodes(view).map(({ name: node, role }) => {
      const images =
        role === 'control-plane'
          ? [...controlPlaneImages(options), ...endpointImages(view.spec)]
          : workerImages(options);
      return {
        node,
        call: { name: 'pull-images', params: { images: [...images] } },
        timeoutMs: timeoutsMs.pullImages,
      };
    });
  },
};

/** What the endpoint's own pods run. */
function endpointImages({ controlPlaneEndpoint: { servedBy } }: ClusterSpec): readonly string[] {
  return [servedBy?.image, servedBy?.keepalivedImage].filter((image) => image !== undefined);
}

function imageOptions({ kubernetes }: ClusterSpec): ImageOptions {
  const { etcd } = kubernetes;
  return {
    version: parseKubernetesVersion(kubernetes.version),
    ...(kubernetes.imageRepository === undefined ? {} : { repository: kubernetes.imageRepository }),
    ...(kubernetes.dns === undefined ? {} : { dns: kubernetes.dns }),
    ...(etcd === undefined ? {} : { etcd: etcd.external === undefined ? etcd : ('external' as const) }),
    skippedPhases: kubernetes.skippedPhases ?? [],
  };
}
