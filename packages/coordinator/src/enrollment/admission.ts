import type { Clock } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import { activateIdentity, type Nodes, nodeKey } from '../inventory/nodes.ts';
import { guardedUpdate, unchanged } from '../store/guarded-update.ts';
import type { Store } from '../store/store.ts';
import { type TokenRecord, tokenKey } from './token-record.ts';
import { type Claim, consumeToken, reserveToken } from './token-transitions.ts';

/** A way to become a node, once the machine has proved what it needs. Both parts may be repeated by the same key. */
export interface Admission {
  /** Who the machine becomes. Nothing is in force yet. */
  grant(): Promise<Grant>;
  /** The machine has its certificate on disk: puts what was granted in force. */
  confirm(certificate: string): Promise<void>;
}

/** Who a machine is to become. */
export interface Grant {
  readonly node: NodeRecord;
  readonly incarnation: number;
}

/** Where an admission is written down, and for which key. */
export interface AdmissionOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly clock: Clock;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
}

/** By an enrolment token whose secret the machine has proved: it becomes the next incarnation of the token's node. */
export function admitByToken({ tokenId }: TokenRecord, options: AdmissionOptions): Admission {
  const { store, clock } = options;
  const publicKey = Buffer.from(options.publicKey).toString('base64');
  const claim = (): Claim => ({ publicKey, nowMs: clock.now() });

  return {
    grant: async () =>
      await guardedUpdate(store, async () => {
        const { token, tokenEntry, node } = await readTokenAndNode(store, tokenId);
        const next = reserveToken(token, node, claim());
        const incarnation = next.state.kind === 'issued' ? 0 : next.state.incarnation;
        return {
          writes: next === token ? [] : [{ kind: 'put', key: tokenKey(tokenId), value: next }],
          guards: [unchanged(tokenKey(tokenId), tokenEntry)],
          result: { node, incarnation },
        };
      }),
    confirm: async (certificate) =>
      await guardedUpdate(store, async () => {
        const { token, tokenEntry, node, nodeEntry } = await readTokenAndNode(store, tokenId);
        const next = consumeToken(token, node, claim());
        const enrolledAt = new Date(clock.now()).toISOString();
        return {
          writes:
            next === token
              ? []
              : [
                  { kind: 'put', key: tokenKey(tokenId), value: next },
                  ...activateIdentity(node, node.incarnation + 1, { publicKey, certificate, enrolledAt }),
                ],
          guards: [unchanged(tokenKey(tokenId), tokenEntry), unchanged(nodeKey(node.nodeId), nodeEntry)],
          result: undefined,
        };
      }),
  };
}

/** By a key that is a node's present identity: its certificate has expired, and it gets a new one. Nothing else changes. */
export function admitByKnownKey({ nodes, publicKey }: AdmissionOptions): Admission {
  const find = async (): Promise<NodeRecord> => {
    const node = await nodes.findByPublicKey(publicKey);
    if (node !== undefined) return node;
    throw coordinatorErrors.create('node-removed', {
      tried: 'renew an expired certificate',
      reason: 'no node has the key that was presented',
    });
  };
  return {
    grant: async () => {
      const node = await find();
      return { node, incarnation: node.incarnation };
    },
    confirm: async (certificate) => {
      await nodes.recordCertificate(await find(), certificate);
    },
  };
}

async function readTokenAndNode(store: Store, tokenId: string) {
  const tokenEntry = await store.get(tokenKey(tokenId));
  // What is under these keys was written from these records' types alone.
  const token = tokenEntry?.value as TokenRecord | undefined;
  const nodeEntry = token === undefined ? undefined : await store.get(nodeKey(token.nodeId));
  const node = nodeEntry?.value as NodeRecord | undefined;
  if (token === undefined || node === undefined)
    throw coordinatorErrors.create('token-invalid', {
      tried: 'enrol a machine',
      reason: 'the token or its node was removed in the meantime',
    });
  return { token, tokenEntry, node, nodeEntry };
}
