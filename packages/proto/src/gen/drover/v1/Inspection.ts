// Original file: proto/drover/v1/session.proto

import type { Change as _drover_v1_Change, Change__Output as _drover_v1_Change__Output } from '../../drover/v1/Change.ts';

export interface Inspection {
  'satisfied'?: (boolean);
  'changes'?: (_drover_v1_Change)[];
}

export interface Inspection__Output {
  'satisfied': (boolean);
  'changes': (_drover_v1_Change__Output)[];
}
