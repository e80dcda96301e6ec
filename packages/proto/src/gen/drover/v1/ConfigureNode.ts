// Original file: proto/drover/v1/actions.proto

import type { Taint as _drover_v1_Taint, Taint__Output as _drover_v1_Taint__Output } from '../../drover/v1/Taint.ts';
import type { NodeMetadata as _drover_v1_NodeMetadata, NodeMetadata__Output as _drover_v1_NodeMetadata__Output } from '../../drover/v1/NodeMetadata.ts';

/**
 * ensure. Labels and taints of one Node object, from a control-plane node. Others' labels stay.
 */
export interface ConfigureNode {
  'nodeName'?: (string);
  'labels'?: ({[key: string]: string});
  'taints'?: (_drover_v1_Taint)[];
  'remembered'?: (_drover_v1_NodeMetadata | null);
}

/**
 * ensure. Labels and taints of one Node object, from a control-plane node. Others' labels stay.
 */
export interface ConfigureNode__Output {
  'nodeName': (string);
  'labels': ({[key: string]: string});
  'taints': (_drover_v1_Taint__Output)[];
  'remembered': (_drover_v1_NodeMetadata__Output | null);
}
