/** Where a version of containerd's configuration has what the CRI part is told. */
export interface ContainerdLayout {
  readonly sandboxImage: readonly [string, ...string[]];
  /** Of tables by the name of a runtime. */
  readonly runtimes: readonly [string, ...string[]];
  readonly registry: readonly [string, ...string[]];
  readonly cni: readonly [string, ...string[]];
}

/** In version 2 the CRI part is one plugin, in version 3 there are two. */
const v1Plugin = ['plugins', 'io.containerd.grpc.v1.cri'] as const;
const v3Runtime = ['plugins', 'io.containerd.cri.v1.runtime'] as const;
const v3Images = ['plugins', 'io.containerd.cri.v1.images'] as const;

/**
 * The layouts of configuration version 2 (containerd 1.3 to 1.7, and understood by 2.x) and 3 (2.x).
 * Source: https://github.com/containerd/containerd/blob/main/docs/cri/config.md
 */
export const containerdLayouts: Readonly<Record<2 | 3, ContainerdLayout>> = {
  2: {
    sandboxImage: [...v1Plugin, 'sandbox_image'],
    runtimes: [...v1Plugin, 'containerd', 'runtimes'],
    registry: [...v1Plugin, 'registry'],
    cni: [...v1Plugin, 'cni'],
  },
  3: {
    sandboxImage: [...v3Images, 'pinned_images', 'sandbox'],
    runtimes: [...v3Runtime, 'containerd', 'runtimes'],
    registry: [...v3Images, 'registry'],
    cni: [...v3Runtime, 'cni'],
  },
};

/** The names of the CRI part in `disabled_plugins`: in version 1, in version 2, and in version 3. */
export const criPlugins: ReadonlySet<string> = new Set([
  'cri',
  'io.containerd.grpc.v1.cri',
  'io.containerd.cri.v1.images',
  'io.containerd.cri.v1.runtime',
]);
