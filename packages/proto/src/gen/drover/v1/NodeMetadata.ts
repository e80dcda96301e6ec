// Original file: proto/drover/v1/actions.proto

import type { Taint as _drover_v1_Taint, Taint__Output as _drover_v1_Taint__Output } from '../../drover/v1/Taint.ts';

/**
 * What others had put on a former Node of the name: added to the Node where it lacks it, and never taken away again.
 */
export interface NodeMetadata {
  'labels'?: ({[key: string]: string});
  'annotations'?: ({[key: string]: string});
  'taints'?: (_drover_v1_Taint)[];
  /**
   * It was cordoned.
   */
  'unschedulable'?: (boolean);
}

/**
 * What others had put on a former Node of the name: added to the Node where it lacks it, and never taken away again.
 */
export interface NodeMetadata__Output {
  'labels': ({[key: string]: string});
  'annotations': ({[key: string]: string});
  'taints': (_drover_v1_Taint__Output)[];
  /**
   * It was cordoned.
   */
  'unschedulable': (boolean);
}
