import { type Clock, DroverError } from '@drover/core';
import { claimIdOf } from '../claims/claim-record.ts';
import type { ClaimRequest } from '../claims/claim-request.ts';
import type { Claims, Grant } from '../claims/claims.ts';
import type { Clusters } from '../clusters/clusters.ts';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import { activateIdentity, type Nodes, nodeKey } from '../inventory/nodes.ts';
import { pinTpm } from '../inventory/pinned-tpm.ts';
import { type Change, guardedUpdate, unchanged } from '../store/guarded-update.ts';
import type { Store } from '../store/store.ts';
import { provedKey } from '../tpm/tpm-challenge.ts';
import { approveByRule } from './approve-by-rule.ts';
import type { FleetTokenRecord } from './fleet-token-record.ts';
import { type TokenRecord, tokenKey } from './token-record.ts';
import { consumeToken, reserveToken, type TokenBearer } from './token-transitions.ts';

/** A way to become a node, once the machine has proved what it needs. Both parts may be repeated by the same key. */
export interface Admission {
  /** Who the machine becomes. Nothing is in force yet. */
  grant(): Promise<Grant>;
  /** The machine has its certificate on disk: puts what was granted in force. */
  confirm(granted: Grant, certificate: string): Promise<void>;
}

/** Where an admission is written down, and for which machine. */
export interface AdmissionOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly claims: Pick<Claims, 'consider' | 'admission' | 'get'>;
  readonly clusters: Pick<Clusters, 'list'>;
  readonly clock: Clock;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  /** What else is known of the machine. */
  readonly caller: Pick<ClaimRequest, 'account' | 'tpm' | 'from'>;
}

/**
 * By an enrolment token whose secret the machine has proved: it becomes the first incarnation of the token's node, or makes
 * a claim to be its next one.
 */
export function admitByToken({ tokenId, nodeId }: TokenRecord, options: AdmissionOptions): Admission {
  const { store, clock } = options;
  const bearer = (): TokenBearer => ({ publicKey: encodeKey(options), nowMs: clock.now() });
  const request = requestOf(options, { kind: 'enrolment-token', tokenId, nodeId });

  return {
    grant: async () => {
      const reserved = await guardedUpdate(store, async () => {
        const { token, tokenEntry, node } = await readTokenAndNode(store, tokenId);
        const next = reserveToken(token, node, bearer());
        const incarnation = next.state.kind === 'issued' ? 0 : next.state.incarnation;
        return {
          writes: next === token ? [] : [{ kind: 'put', key: tokenKey(tokenId), value: next }],
          guards: [unchanged(tokenKey(tokenId), tokenEntry)],
          result: { node, incarnation },
        };
      });
      const isClaim = reserved.incarnation > 1 && !isPresent(reserved.node, options);
      return isClaim ? await options.claims.consider(request) : reserved;
    },
    confirm: async (granted, certificate) =>
      await guardedUpdate(store, async () => {
        const { token, tokenEntry, node } = await readTokenAndNode(store, tokenId);
        const next = consumeToken(token, node, bearer());
        if (next === token) return { writes: [], guards: [], result: undefined };
        const admission = await putInForce(options, request, { granted, node, certificate });
        return {
          writes: [{ kind: 'put', key: tokenKey(tokenId), value: next }, ...admission.writes],
          guards: [unchanged(tokenKey(tokenId), tokenEntry), ...admission.guards],
          result: undefined,
        };
      }),
  };
}

/** By the credential of a node's own machine: the same as by a token, as often as the machine is installed anew. */
export function admitByMachineCredential({ tokenId, nodeId }: TokenRecord, options: AdmissionOptions): Admission {
  const { store, nodes } = options;
  const claim = admitByClaim({ kind: 'machine-credential', tokenId, nodeId }, options);
  return {
    grant: async () => {
      const node = await nodes.get(nodeId);
      return node?.incarnation === 0 ? { node, incarnation: 1 } : await claim.grant();
    },
    // Somebody may delete the credential while the machine writes down what it got.
    confirm: async (granted, certificate) =>
      await guardedUpdate(store, async () => {
        const { tokenEntry, node } = await readTokenAndNode(store, tokenId);
        const present = isPresent(node, options);
        const admission = present ? nothing : await putInForce(options, claim.request, { granted, node, certificate });
        const guards = [unchanged(tokenKey(tokenId), tokenEntry), ...admission.guards];
        return { writes: admission.writes, guards, result: undefined };
      }),
  };
}

/** By nothing that lets a machine in at once: what it shows is judged, and a person may have to approve. */
export function admitByClaim(
  proof: ClaimRequest['proof'],
  options: AdmissionOptions,
): Admission & { readonly request: ClaimRequest } {
  const { store, nodes, claims, publicKey } = options;
  const request = requestOf(options, proof);
  return {
    request,
    grant: async () => {
      // A lost reply locks nobody out.
      const node = await nodes.findByPublicKey(publicKey);
      return node === undefined ? await claims.consider(request) : { node, incarnation: node.incarnation };
    },
    confirm: async (granted, certificate) =>
      await guardedUpdate(store, async () => {
        const present = await nodes.findByPublicKey(publicKey);
        if (present !== undefined) return { ...nothing, result: undefined };
        return { ...(await claims.admission(request, granted, certificate)), result: undefined };
      }),
  };
}

/**
 * By a token that every machine of an image has: a new machine is let in where it fits a rule of the token, and waits for a
 * person otherwise. One that is known is judged as one that shows nothing more. Granting throws `token-expired` to those who
 * came too late; who had come before is still judged.
 */
export function admitByFleetToken({ tokenId, expiresAt }: FleetTokenRecord, options: AdmissionOptions): Admission {
  const claim = admitByClaim({ kind: 'fleet-token', tokenId }, options);
  const claimId = claimIdOf(encodeKey(options));
  return {
    ...claim,
    grant: async () => {
      if (options.clock.now() > Date.parse(expiresAt) && (await options.claims.get(claimId)) === undefined)
        throw coordinatorErrors.create('token-expired', {
          tried: 'enrol a machine',
          reason: `the fleet token expired at ${expiresAt}`,
        });
      try {
        return await claim.grant();
      } catch (error) {
        const waits = error instanceof DroverError && error.code === 'claim-pending';
        if (!waits || !(await approveByRule(claimId, tokenId, options))) throw error;
      }
      return await claim.grant();
    },
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
    confirm: async (_granted, certificate) => {
      await nodes.recordCertificate(await find(), certificate);
    },
  };
}

const nothing: Pick<Change<void>, 'writes' | 'guards'> = { writes: [], guards: [] };

/** The first machine of a node needs no more than its token; every other one is judged, again at the last moment. */
async function putInForce(
  options: AdmissionOptions,
  request: ClaimRequest,
  { granted, node, certificate }: { readonly granted: Grant; readonly node: NodeRecord; readonly certificate: string },
): Promise<Pick<Change<void>, 'writes' | 'guards'>> {
  if (granted.incarnation > 1) return await options.claims.admission(request, granted, certificate);
  if (node.incarnation > 0)
    throw coordinatorErrors.create('identity-superseded', {
      tried: 'finish the enrolment',
      node: node.name,
      reason: 'another machine became the node in the meantime',
    });
  const entry = await options.store.get(nodeKey(node.nodeId));
  const enrolledAt = new Date(options.clock.now()).toISOString();
  const identity = { publicKey: encodeKey(options), certificate, enrolledAt };
  const { tpm, account } = options.caller;
  const pinning = { endorsementKey: provedKey(tpm), at: enrolledAt, isMeant: true };
  const pinned = await pinTpm(options.store, node, pinning);
  return {
    writes: [...activateIdentity(pinned.node, 1, identity, account?.hardware), ...pinned.writes],
    guards: [unchanged(nodeKey(node.nodeId), entry), ...pinned.guards],
  };
}

function requestOf(options: AdmissionOptions, proof: ClaimRequest['proof']): ClaimRequest {
  return { ...options.caller, publicKey: encodeKey(options), proof };
}

function encodeKey({ publicKey }: AdmissionOptions): string {
  return Buffer.from(publicKey).toString('base64');
}

function isPresent({ identity }: NodeRecord, options: AdmissionOptions): boolean {
  return identity?.publicKey === encodeKey(options);
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
  return { token, tokenEntry, node };
}
