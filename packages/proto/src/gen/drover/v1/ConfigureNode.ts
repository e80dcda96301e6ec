// Original file: proto/drover/v1/actions.proto

import type { Taint as _drover_v1_Taint, Taint__Output as _drover_v1_Taint__Output } from '../../drover/v1/Taint.ts';

/**
 * ensure. Labels and taints of one Node object, from a control-plane node. Others' labels stay.
 */
export interface ConfigureNode {
  'nodeName'?: (string);
  'labels'?: ({[key: string]: string});
  'taints'?: (_drover_v1_Taint)[];
}

/**
 * ensure. Labels and taints of one Node object, from a control-plane node. Others' labels stay.
 */
export interface ConfigureNode__Output {
  'nodeName': (string);
  'labels': ({[key: string]: string});
  'taints': (_drover_v1_Taint__Output)[];
}
