import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { wantedRuntime } from '../clusters/wanted-runtime.ts';
import { imageOptions } from '../kubeadm/image-options.ts';
import { controlPlaneImages, workerImages } from '../kubeadm/images.ts';
import { targetNodes } from '../plan/cluster-view.ts';
import type { Phase } from '../plan/workflow.ts';
import { timeoutsMs } from './timeouts.ts';

/** To each machine the images that it needs and no others. */
export const pullImages: Phase = {
  name: 'pull-images',
  after: [
    { phase: 'start-runtime', of: 'same-node' },
    // crictl comes along with kubeadm; docker with Docker, whose images are pulled meanwhile.
    {
      phase: 'install-kubernetes',
      of: 'same-node',
      where: ({ spec }) => wantedRuntime(spec).name === 'containerd',
    },
  ],
  steps: (view) => {
    const options = imageOptions(view.spec);
    const { name: runtime } = wantedRuntime(view.spec);
    return targetNodes(view).map(({ name: node, role }) => {
      const images =
        role === 'control-plane'
          ? [...controlPlaneImages(options), ...endpointImages(view.spec)]
          : workerImages(options);
      return {
        node,
        call: { name: 'pull-images', params: { runtime, images: [...images] } },
        timeoutMs: timeoutsMs.pullImages,
      };
    });
  },
};

/** What the endpoint's own pods run. */
function endpointImages({ controlPlaneEndpoint: { servedBy } }: ClusterSpec): readonly string[] {
  return [servedBy?.image, servedBy?.keepalivedImage].filter((image) => image !== undefined);
}
