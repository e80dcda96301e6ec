// Original file: proto/drover/v1/actions.proto

import type { PeerPort as _drover_v1_PeerPort, PeerPort__Output as _drover_v1_PeerPort__Output } from '../../drover/v1/PeerPort.ts';

export interface PeerTarget {
  'address'?: (string);
  /**
   * Where one is UDP, the largest packet that arrives is measured by it.
   */
  'ports'?: (_drover_v1_PeerPort)[];
}

export interface PeerTarget__Output {
  'address': (string);
  /**
   * Where one is UDP, the largest packet that arrives is measured by it.
   */
  'ports': (_drover_v1_PeerPort__Output)[];
}
