/** How far a token has got: `issued` → `reserved` for the key that proved it → `used` once that key is on its disk. */
export type TokenState =
  | { readonly kind: 'issued' }
  | ({ readonly kind: 'reserved' } & TokenHolder)
  | ({ readonly kind: 'used' } & TokenHolder);

/** The one key that a token has let in. */
export interface TokenHolder {
  /** SubjectPublicKeyInfo in DER, base64. */
  readonly publicKey: string;
  /** The incarnation that the key gets, or has got. */
  readonly incarnation: number;
  /** When the state was entered. ISO 8601. */
  readonly at: string;
}

/** An enrolment token as stored at `tokens/<tokenId>`: enough to check a proof, not to make one. */
export interface TokenRecord {
  readonly tokenId: string;
  readonly nodeId: string;
  readonly nodeName: string;
  /** The public half of the key whose seed is the token's secret: Ed25519, SubjectPublicKeyInfo in DER, base64. */
  readonly verifier: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /**
   * `once` lets one machine in. `machine` is the credential of the node's own machine, which its provisioner gives to it at
   * each image: it is never used up, stays `issued`, and what it lets in is judged each time. @default once
   */
  readonly use?: 'once' | 'machine';
  readonly state: TokenState;
}

/** When a token expires that is good until somebody deletes it: the last instant that ISO 8601 writes with four digits. */
export const neverExpires = '9999-12-31T23:59:59.999Z';

/** So long a token that was used or has expired still tells whoever tries it again what became of it. */
export const worthlessKeptMs = 30 * 24 * 60 * 60_000;

/** Where a token's record is kept. */
export function tokenKey(tokenId: string): string {
  return `tokens/${tokenId}`;
}
