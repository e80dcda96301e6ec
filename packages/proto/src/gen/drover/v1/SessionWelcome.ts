// Original file: proto/drover/v1/session.proto

import type { CoordinatorMark as _drover_v1_CoordinatorMark, CoordinatorMark__Output as _drover_v1_CoordinatorMark__Output } from '../../drover/v1/CoordinatorMark.ts';

export interface SessionWelcome {
  'heartbeatIntervalMs'?: (number);
  'mark'?: (_drover_v1_CoordinatorMark | null);
  /**
   * What the agent keeps on its disk, and says so, before it does anything else.
   */
  'nextSequence'?: (number);
}

export interface SessionWelcome__Output {
  'heartbeatIntervalMs': (number);
  'mark': (_drover_v1_CoordinatorMark__Output | null);
  /**
   * What the agent keeps on its disk, and says so, before it does anything else.
   */
  'nextSequence': (number);
}
