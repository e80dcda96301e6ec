// Original file: proto/drover/v1/actions.proto

import type { PeerPort as _drover_v1_PeerPort, PeerPort__Output as _drover_v1_PeerPort__Output } from '../../drover/v1/PeerPort.ts';

/**
 * query. Listens on those of the ports where nobody else does, until it is cancelled or its time is over, a minute at most.
 * Answers only who proves to have the survey's key, with the node's name. Says that it waits once the ports are open, and
 * answers in the end with the PeerListeners document.
 */
export interface ListenForPeers {
  /**
   * 32 bytes, known to the nodes of one survey alone.
   */
  'surveyKey'?: (Buffer | Uint8Array | string);
  /**
   * Where the others reach this machine: on all addresses of this kind it listens.
   */
  'address'?: (string);
  'ports'?: (_drover_v1_PeerPort)[];
}

/**
 * query. Listens on those of the ports where nobody else does, until it is cancelled or its time is over, a minute at most.
 * Answers only who proves to have the survey's key, with the node's name. Says that it waits once the ports are open, and
 * answers in the end with the PeerListeners document.
 */
export interface ListenForPeers__Output {
  /**
   * 32 bytes, known to the nodes of one survey alone.
   */
  'surveyKey': (Buffer);
  /**
   * Where the others reach this machine: on all addresses of this kind it listens.
   */
  'address': (string);
  'ports': (_drover_v1_PeerPort__Output)[];
}
