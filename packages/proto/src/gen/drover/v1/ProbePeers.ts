// Original file: proto/drover/v1/actions.proto

import type { PeerTarget as _drover_v1_PeerTarget, PeerTarget__Output as _drover_v1_PeerTarget__Output } from '../../drover/v1/PeerTarget.ts';

/**
 * query. Tries the listeners of a survey from here, side by side. Answers with the PeerProbes document.
 */
export interface ProbePeers {
  'surveyKey'?: (Buffer | Uint8Array | string);
  'targets'?: (_drover_v1_PeerTarget)[];
}

/**
 * query. Tries the listeners of a survey from here, side by side. Answers with the PeerProbes document.
 */
export interface ProbePeers__Output {
  'surveyKey': (Buffer);
  'targets': (_drover_v1_PeerTarget__Output)[];
}
