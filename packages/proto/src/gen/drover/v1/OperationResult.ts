// Original file: proto/drover/v1/session.proto

import type { Inspection as _drover_v1_Inspection, Inspection__Output as _drover_v1_Inspection__Output } from '../../drover/v1/Inspection.ts';
import type { Completion as _drover_v1_Completion, Completion__Output as _drover_v1_Completion__Output } from '../../drover/v1/Completion.ts';
import type { Failure as _drover_v1_Failure, Failure__Output as _drover_v1_Failure__Output } from '../../drover/v1/Failure.ts';
import type { Answer as _drover_v1_Answer, Answer__Output as _drover_v1_Answer__Output } from '../../drover/v1/Answer.ts';
import type { Minted as _drover_v1_Minted, Minted__Output as _drover_v1_Minted__Output } from '../../drover/v1/Minted.ts';
import type { ByHand as _drover_v1_ByHand, ByHand__Output as _drover_v1_ByHand__Output } from '../../drover/v1/ByHand.ts';

export interface OperationResult {
  'operationId'?: (string);
  'inspection'?: (_drover_v1_Inspection | null);
  'completion'?: (_drover_v1_Completion | null);
  'failure'?: (_drover_v1_Failure | null);
  'answer'?: (_drover_v1_Answer | null);
  'minted'?: (_drover_v1_Minted | null);
  /**
   * Milliseconds since 1970 on the agent's clock.
   */
  'startedAt'?: (number | string);
  'finishedAt'?: (number | string);
  /**
   * Milliseconds during which a command ran on the host or the action waited for the host on purpose: what no
   * orchestration could have saved.
   */
  'commandMs'?: (number | string);
  'byHand'?: (_drover_v1_ByHand | null);
  'outcome'?: "inspection"|"completion"|"failure"|"answer"|"minted"|"byHand";
}

export interface OperationResult__Output {
  'operationId': (string);
  'inspection'?: (_drover_v1_Inspection__Output | null);
  'completion'?: (_drover_v1_Completion__Output | null);
  'failure'?: (_drover_v1_Failure__Output | null);
  'answer'?: (_drover_v1_Answer__Output | null);
  'minted'?: (_drover_v1_Minted__Output | null);
  /**
   * Milliseconds since 1970 on the agent's clock.
   */
  'startedAt': (number);
  'finishedAt': (number);
  /**
   * Milliseconds during which a command ran on the host or the action waited for the host on purpose: what no
   * orchestration could have saved.
   */
  'commandMs': (number);
  'byHand'?: (_drover_v1_ByHand__Output | null);
  'outcome'?: "inspection"|"completion"|"failure"|"answer"|"minted"|"byHand";
}
