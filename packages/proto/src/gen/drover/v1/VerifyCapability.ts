// Original file: proto/drover/v1/actions.proto

import type { Capability as _drover_v1_Capability, Capability__Output as _drover_v1_Capability__Output } from '../../drover/v1/Capability.ts';

/**
 * ensure. Proves one ability of the finished cluster with small pods in a namespace of its own, removed afterwards.
 */
export interface VerifyCapability {
  'capability'?: (_drover_v1_Capability);
  /**
   * The image of the pods: needs sh, httpd, wget. From the cluster's own registry.
   */
  'image'?: (string);
}

/**
 * ensure. Proves one ability of the finished cluster with small pods in a namespace of its own, removed afterwards.
 */
export interface VerifyCapability__Output {
  'capability': (_drover_v1_Capability__Output);
  /**
   * The image of the pods: needs sh, httpd, wget. From the cluster's own registry.
   */
  'image': (string);
}
