import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { TokenHolder, TokenRecord } from './token-record.ts';

/** Who presents a token: the key (base64 of its SubjectPublicKeyInfo), and when. */
export interface TokenBearer {
  readonly publicKey: string;
  readonly nowMs: number;
}

/**
 * The token once `bearer` has proved it: reserved for the bearer's key. Asking again with the same key is the same
 * reservation, also after it was used as long as that key is still the node's: a lost reply locks nobody out. Throws
 * `token-used`, `token-reserved` or `token-expired`.
 */
export function reserveToken(token: TokenRecord, node: NodeRecord, bearer: TokenBearer): TokenRecord {
  const { state } = token;
  if (state.kind === 'used') {
    if (!isHeldBy(state, bearer) || !isPresentIdentity(node, state))
      throw refuse('token-used', token, usedReason(state));
    return token;
  }
  if (state.kind === 'reserved' && !isHeldBy(state, bearer))
    throw refuse('token-reserved', token, `another key holds it since ${state.at}`);
  if (state.kind === 'issued' && bearer.nowMs > Date.parse(token.expiresAt))
    throw refuse('token-expired', token, `it expired at ${token.expiresAt}`);
  return { ...token, state: { kind: 'reserved', ...holderOf(node.incarnation + 1, bearer) } };
}

/**
 * The token once its holder has written key and certificate: used. Throws `token-reserved` when the reservation is not
 * (or no longer) for this key, and `identity-superseded` when another enrolment of the node was faster.
 */
export function consumeToken(token: TokenRecord, node: NodeRecord, bearer: TokenBearer): TokenRecord {
  const { state } = token;
  if (state.kind === 'issued' || !isHeldBy(state, bearer))
    throw refuse('token-reserved', token, 'it is not reserved for the key that acknowledged');
  if (state.kind === 'used') return token;
  if (node.incarnation !== state.incarnation - 1)
    throw coordinatorErrors.create('identity-superseded', {
      tried: 'finish the enrolment',
      node: node.name,
      reason: `the node got incarnation ${node.incarnation} in the meantime`,
    });
  return { ...token, state: { kind: 'used', ...holderOf(state.incarnation, bearer) } };
}

function holderOf(incarnation: number, bearer: TokenBearer): TokenHolder {
  return { publicKey: bearer.publicKey, incarnation, at: new Date(bearer.nowMs).toISOString() };
}

function isHeldBy(holder: TokenHolder, bearer: TokenBearer): boolean {
  return holder.publicKey === bearer.publicKey;
}

function isPresentIdentity(node: NodeRecord, holder: TokenHolder): boolean {
  return node.incarnation === holder.incarnation && node.identity?.publicKey === holder.publicKey;
}

function usedReason(holder: TokenHolder): string {
  return `it let incarnation ${holder.incarnation} in at ${holder.at}`;
}

function refuse(code: 'token-used' | 'token-reserved' | 'token-expired', token: TokenRecord, reason: string) {
  return coordinatorErrors.create(code, { tried: 'enrol a machine', node: token.nodeName, reason });
}
