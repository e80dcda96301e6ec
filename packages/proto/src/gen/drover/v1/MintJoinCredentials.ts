// Original file: proto/drover/v1/actions.proto


/**
 * mint. A bootstrap token for one node, sealed to that node's certificate.
 */
export interface MintJoinCredentials {
  /**
   * PEM; must chain to the agent's own coordinator CA and name recipient_node_id and recipient_incarnation.
   */
  'recipientCertificate'?: (string);
  'recipientNodeId'?: (string);
  'recipientIncarnation'?: (number);
  'nodeName'?: (string);
  /**
   * At most 900000 (15 minutes).
   */
  'ttlMs'?: (number);
}

/**
 * mint. A bootstrap token for one node, sealed to that node's certificate.
 */
export interface MintJoinCredentials__Output {
  /**
   * PEM; must chain to the agent's own coordinator CA and name recipient_node_id and recipient_incarnation.
   */
  'recipientCertificate': (string);
  'recipientNodeId': (string);
  'recipientIncarnation': (number);
  'nodeName': (string);
  /**
   * At most 900000 (15 minutes).
   */
  'ttlMs': (number);
}
