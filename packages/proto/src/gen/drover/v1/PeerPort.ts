// Original file: proto/drover/v1/actions.proto

import type { PeerProtocol as _drover_v1_PeerProtocol, PeerProtocol__Output as _drover_v1_PeerProtocol__Output } from '../../drover/v1/PeerProtocol.ts';

export interface PeerPort {
  'protocol'?: (_drover_v1_PeerProtocol);
  'port'?: (number);
}

export interface PeerPort__Output {
  'protocol': (_drover_v1_PeerProtocol__Output);
  'port': (number);
}
