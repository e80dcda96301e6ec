// Original file: proto/drover/v1/actions.proto

import type { KubeadmPatch as _drover_v1_KubeadmPatch, KubeadmPatch__Output as _drover_v1_KubeadmPatch__Output } from '../../drover/v1/KubeadmPatch.ts';

/**
 * ensure, guarded: at most once per cluster. kubeadm_config holds JSON documents with a line --- between them, which
 * kubeadm reads as YAML.
 */
export interface InitControlPlane {
  'kubeadmConfig'?: (string);
  'ignoredPreflightErrors'?: (string)[];
  'skippedPhases'?: (string)[];
  'patches'?: (_drover_v1_KubeadmPatch)[];
}

/**
 * ensure, guarded: at most once per cluster. kubeadm_config holds JSON documents with a line --- between them, which
 * kubeadm reads as YAML.
 */
export interface InitControlPlane__Output {
  'kubeadmConfig': (string);
  'ignoredPreflightErrors': (string)[];
  'skippedPhases': (string)[];
  'patches': (_drover_v1_KubeadmPatch__Output)[];
}
