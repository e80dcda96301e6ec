// Original file: proto/drover/v1/session.proto


/**
 * Asks for a new certificate of the session's node, incarnation and key: the connection has proved all three.
 */
export interface CertificateRequest {
}

/**
 * Asks for a new certificate of the session's node, incarnation and key: the connection has proved all three.
 */
export interface CertificateRequest__Output {
}
