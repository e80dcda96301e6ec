// Original file: proto/drover/v1/actions.proto

import type { KubeadmPatch as _drover_v1_KubeadmPatch, KubeadmPatch__Output as _drover_v1_KubeadmPatch__Output } from '../../drover/v1/KubeadmPatch.ts';

/**
 * ensure, guarded: at most once per incarnation. The etcd member that it adds has never been one before.
 */
export interface JoinControlPlane {
  'nodeName'?: (string);
  /**
   * JoinConfiguration as JSON with controlPlane.localAPIEndpoint.advertiseAddress, without discovery and certificateKey:
   * the agent fills them in from the sealed credentials.
   */
  'kubeadmConfig'?: (string);
  'ignoredPreflightErrors'?: (string)[];
  /**
   * From MintControlPlaneCredentials.
   */
  'sealedCredentials'?: (Buffer | Uint8Array | string);
  /**
   * As in JoinNode.
   */
  'caHash'?: (string);
  'patches'?: (_drover_v1_KubeadmPatch)[];
}

/**
 * ensure, guarded: at most once per incarnation. The etcd member that it adds has never been one before.
 */
export interface JoinControlPlane__Output {
  'nodeName': (string);
  /**
   * JoinConfiguration as JSON with controlPlane.localAPIEndpoint.advertiseAddress, without discovery and certificateKey:
   * the agent fills them in from the sealed credentials.
   */
  'kubeadmConfig': (string);
  'ignoredPreflightErrors': (string)[];
  /**
   * From MintControlPlaneCredentials.
   */
  'sealedCredentials': (Buffer);
  /**
   * As in JoinNode.
   */
  'caHash': (string);
  'patches': (_drover_v1_KubeadmPatch__Output)[];
}
