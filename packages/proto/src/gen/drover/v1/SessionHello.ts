// Original file: proto/drover/v1/session.proto


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
   * The newest coordinator that this agent has obeyed, 0 and empty before the first: one that does not find it among its
   * own starts was restored from a backup, or copied.
   */
  'knownEpoch'?: (number);
  'knownCoordinatorId'?: (string);
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
   * The newest coordinator that this agent has obeyed, 0 and empty before the first: one that does not find it among its
   * own starts was restored from a backup, or copied.
   */
  'knownEpoch': (number);
  'knownCoordinatorId': (string);
}
