// Original file: proto/drover/v1/session.proto

import type { Change as _drover_v1_Change, Change__Output as _drover_v1_Change__Output } from '../../drover/v1/Change.ts';
import type { Probe as _drover_v1_Probe, Probe__Output as _drover_v1_Probe__Output } from '../../drover/v1/Probe.ts';

export interface Inspection {
  'satisfied'?: (boolean);
  'changes'?: (_drover_v1_Change)[];
  /**
   * Of a guarded action alone.
   */
  'probe'?: (_drover_v1_Probe | null);
}

export interface Inspection__Output {
  'satisfied': (boolean);
  'changes': (_drover_v1_Change__Output)[];
  /**
   * Of a guarded action alone.
   */
  'probe': (_drover_v1_Probe__Output | null);
}
