// Original file: proto/drover/v1/session.proto

import type { OperationMode as _drover_v1_OperationMode, OperationMode__Output as _drover_v1_OperationMode__Output } from '../../drover/v1/OperationMode.ts';
import type { Action as _drover_v1_Action, Action__Output as _drover_v1_Action__Output } from '../../drover/v1/Action.ts';

export interface ActionRequest {
  /**
   * The same request always carries the same id; an agent that knows it answers from its journal and runs nothing again.
   */
  'operationId'?: (string);
  'mode'?: (_drover_v1_OperationMode);
  'timeoutMs'?: (number);
  'action'?: (_drover_v1_Action | null);
  /**
   * With INSPECT: asks for what a person would type instead of for what would change. An agent that does not know this
   * inspects, which changes nothing either.
   */
  'byHand'?: (boolean);
  '_byHand'?: "byHand";
}

export interface ActionRequest__Output {
  /**
   * The same request always carries the same id; an agent that knows it answers from its journal and runs nothing again.
   */
  'operationId': (string);
  'mode': (_drover_v1_OperationMode__Output);
  'timeoutMs': (number);
  'action': (_drover_v1_Action__Output | null);
  /**
   * With INSPECT: asks for what a person would type instead of for what would change. An agent that does not know this
   * inspects, which changes nothing either.
   */
  'byHand'?: (boolean);
  '_byHand'?: "byHand";
}
