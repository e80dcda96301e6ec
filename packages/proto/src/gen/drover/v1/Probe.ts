// Original file: proto/drover/v1/session.proto

import type { ProbeOutcome as _drover_v1_ProbeOutcome, ProbeOutcome__Output as _drover_v1_ProbeOutcome__Output } from '../../drover/v1/ProbeOutcome.ts';

/**
 * What a guarded action found before it did anything: on the host, and in the cluster where there is one.
 */
export interface Probe {
  'outcome'?: (_drover_v1_ProbeOutcome);
  /**
   * What was found, as a clause: "kubeadm init was begun by this agent and never answered".
   */
  'finding'?: (string);
  'evidence'?: (string)[];
}

/**
 * What a guarded action found before it did anything: on the host, and in the cluster where there is one.
 */
export interface Probe__Output {
  'outcome': (_drover_v1_ProbeOutcome__Output);
  /**
   * What was found, as a clause: "kubeadm init was begun by this agent and never answered".
   */
  'finding': (string);
  'evidence': (string)[];
}
