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
}
