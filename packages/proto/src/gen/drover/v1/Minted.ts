// Original file: proto/drover/v1/session.proto


/**
 * Sealed (HPKE, RFC 9180) to the recipient that the request named: whoever carries it cannot read it.
 */
export interface Minted {
  'sealed'?: (Buffer | Uint8Array | string);
}

/**
 * Sealed (HPKE, RFC 9180) to the recipient that the request named: whoever carries it cannot read it.
 */
export interface Minted__Output {
  'sealed': (Buffer);
}
