// Original file: proto/drover/v1/session.proto

import type { CoordinatorMark as _drover_v1_CoordinatorMark, CoordinatorMark__Output as _drover_v1_CoordinatorMark__Output } from '../../drover/v1/CoordinatorMark.ts';
import type { MachineAccount as _drover_v1_MachineAccount, MachineAccount__Output as _drover_v1_MachineAccount__Output } from '../../drover/v1/MachineAccount.ts';

export interface SessionHello {
  'nodeId'?: (string);
  'incarnation'?: (number);
  'agentVersion'?: (string);
  /**
   * The kernel's boot id: another one means that the machine was restarted.
   */
  'bootId'?: (string);
  'machineId'?: (string);
  /**
   * SHA-256 of the canonical facts document, hex: the coordinator asks for facts only when it differs.
   */
  'factsDigest'?: (string);
  /**
   * Operations that the agent has accepted and not yet seen acknowledged.
   */
  'operationIds'?: (string)[];
  /**
   * Of the newest coordinator that this agent has obeyed, the last mark; absent before the first. A coordinator that has
   * not come as far itself was restored from a backup, or is a copy.
   */
  'known'?: (_drover_v1_CoordinatorMark | null);
  /**
   * The last that the agent has kept for this incarnation; 0 before the first. A machine that shows an earlier one than the
   * coordinator has on record has had its disk set back, or is a copy.
   */
  'sequence'?: (number);
  /**
   * Absent where the machine could not look at itself.
   */
  'account'?: (_drover_v1_MachineAccount | null);
}

export interface SessionHello__Output {
  'nodeId': (string);
  'incarnation': (number);
  'agentVersion': (string);
  /**
   * The kernel's boot id: another one means that the machine was restarted.
   */
  'bootId': (string);
  'machineId': (string);
  /**
   * SHA-256 of the canonical facts document, hex: the coordinator asks for facts only when it differs.
   */
  'factsDigest': (string);
  /**
   * Operations that the agent has accepted and not yet seen acknowledged.
   */
  'operationIds': (string)[];
  /**
   * Of the newest coordinator that this agent has obeyed, the last mark; absent before the first. A coordinator that has
   * not come as far itself was restored from a backup, or is a copy.
   */
  'known': (_drover_v1_CoordinatorMark__Output | null);
  /**
   * The last that the agent has kept for this incarnation; 0 before the first. A machine that shows an earlier one than the
   * coordinator has on record has had its disk set back, or is a copy.
   */
  'sequence': (number);
  /**
   * Absent where the machine could not look at itself.
   */
  'account': (_drover_v1_MachineAccount__Output | null);
}
