// Original file: proto/drover/v1/actions.proto

import type { ContainerdRegistry as _drover_v1_ContainerdRegistry, ContainerdRegistry__Output as _drover_v1_ContainerdRegistry__Output } from '../../drover/v1/ContainerdRegistry.ts';

/**
 * ensure. Merges the settings into /etc/containerd/config.toml, keeping every comment and every key that others put there, and
 * makes /etc/containerd/certs.d say of each registry where its images come from; restarts containerd only when the former
 * changed and containerd runs.
 */
export interface ConfigureContainerd {
  /**
   * Of a file that names none: 2 for containerd 1.x, 3 for 2.x. One that names a version keeps it.
   */
  'configVersion'?: (number);
  /**
   * systemd or cgroupfs.
   */
  'cgroupDriver'?: (string);
  /**
   * What holds a pod's namespaces; empty for containerd's own choice.
   */
  'sandboxImage'?: (string);
  'registries'?: (_drover_v1_ContainerdRegistry)[];
}

/**
 * ensure. Merges the settings into /etc/containerd/config.toml, keeping every comment and every key that others put there, and
 * makes /etc/containerd/certs.d say of each registry where its images come from; restarts containerd only when the former
 * changed and containerd runs.
 */
export interface ConfigureContainerd__Output {
  /**
   * Of a file that names none: 2 for containerd 1.x, 3 for 2.x. One that names a version keeps it.
   */
  'configVersion': (number);
  /**
   * systemd or cgroupfs.
   */
  'cgroupDriver': (string);
  /**
   * What holds a pod's namespaces; empty for containerd's own choice.
   */
  'sandboxImage': (string);
  'registries': (_drover_v1_ContainerdRegistry__Output)[];
}
