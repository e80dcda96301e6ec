import type { Command } from '../../host/host.ts';

/** How a runtime is asked about the images in its store. */
export interface ImageStore {
  /** Prints the digest, among other things; ends with 1 where there is no such image, or no runtime that could have it. */
  readonly inspect: (image: string) => Command['argv'];
  readonly pull: (image: string) => Command['argv'];
}

const endpoint = 'unix:///run/containerd/containerd.sock';
// Named, so that neither a file of somebody's nor the order of sockets on the machine decides whom crictl speaks to.
const crictl = ['crictl', `--runtime-endpoint=${endpoint}`, `--image-endpoint=${endpoint}`] as const;

/** By the runtime's name. */
export const imageStores: Readonly<Record<'docker' | 'containerd', ImageStore>> = {
  docker: {
    inspect: (image) => ['docker', 'image', 'inspect', '--format', '{{json .RepoDigests}}', image],
    pull: (image) => ['docker', 'pull', '--quiet', image],
  },
  containerd: {
    inspect: (image) => [...crictl, 'inspecti', '--output=json', image],
    pull: (image) => [...crictl, 'pull', image],
  },
};
