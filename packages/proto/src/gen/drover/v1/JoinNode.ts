// Original file: proto/drover/v1/actions.proto

import type { KubeadmPatch as _drover_v1_KubeadmPatch, KubeadmPatch__Output as _drover_v1_KubeadmPatch__Output } from '../../drover/v1/KubeadmPatch.ts';

/**
 * ensure, guarded: at most once per incarnation.
 */
export interface JoinNode {
  'nodeName'?: (string);
  /**
   * JoinConfiguration as JSON, without discovery: the agent fills it in from the sealed credentials.
   */
  'kubeadmConfig'?: (string);
  'ignoredPreflightErrors'?: (string)[];
  /**
   * From MintJoinCredentials. Opened in memory, on tmpfs while kubeadm runs, gone afterwards.
   */
  'sealedCredentials'?: (Buffer | Uint8Array | string);
  /**
   * sha256:<hex> of the cluster's CA, empty while there is none: a member of that cluster is one, whoever joined it.
   */
  'caHash'?: (string);
  'patches'?: (_drover_v1_KubeadmPatch)[];
}

/**
 * ensure, guarded: at most once per incarnation.
 */
export interface JoinNode__Output {
  'nodeName': (string);
  /**
   * JoinConfiguration as JSON, without discovery: the agent fills it in from the sealed credentials.
   */
  'kubeadmConfig': (string);
  'ignoredPreflightErrors': (string)[];
  /**
   * From MintJoinCredentials. Opened in memory, on tmpfs while kubeadm runs, gone afterwards.
   */
  'sealedCredentials': (Buffer);
  /**
   * sha256:<hex> of the cluster's CA, empty while there is none: a member of that cluster is one, whoever joined it.
   */
  'caHash': (string);
  'patches': (_drover_v1_KubeadmPatch__Output)[];
}
