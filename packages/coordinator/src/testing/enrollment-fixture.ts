import assert from 'node:assert/strict';
import { createHash, randomBytes, sign, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type EnrollmentToken,
  encodeEnrollmentTranscript,
  enrollmentTokenKey,
  type KeyPair,
  ManualClock,
  parseEnrollmentToken,
  silentLogger,
} from '@drover/core';
import type { EnrollmentAccepted, MachineAccount } from '@drover/proto';
import { createAuditTrail } from '../audit/audit-trail.ts';
import { createClaimQuestions } from '../claims/claim-questions.ts';
import { createClaims } from '../claims/claims.ts';
import type { Lease } from '../claims/liveness.ts';
import { createClusters } from '../clusters/clusters.ts';
import { createEnrollment, type EnrollmentAttempt } from '../enrollment/enrollment.ts';
import { createFleetTokens } from '../enrollment/fleet-tokens.ts';
import { createTokens } from '../enrollment/tokens.ts';
import { openCertificateAuthority } from '../identity/certificate-authority.ts';
import { createNodes } from '../inventory/nodes.ts';
import { createSessions } from '../sessions/node-sessions.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import { createFixedLineage } from './fixed-lineage.ts';
import type { SoftwareTpm } from './software-tpm.ts';

/** What a machine shows besides its key: undefined for a node that renews its certificate. */
export type Means = EnrollmentToken | 'recognition' | { readonly previous: KeyPair } | undefined;

/** The TPM of a machine, or what somebody makes of one. */
export type MachineTpm = Pick<SoftwareTpm, 'endorsementKey' | 'attestationKey' | 'answer'>;

/** A machine with one usable sign of its hardware and an empty disk. */
export const machineOne: MachineAccount = {
  productUuid: '4c4c4544-0042-3510-8052-b3c04f4b4e32',
  boardSerial: '',
  macs: [],
  hostname: 'localhost',
  machineId: '',
  bootId: 'boot-1',
  holdsClusterState: false,
};

/** Enrolments over a memory store, and machines that go through them step by step. */
export async function createEnrollmentFixture(t: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'drover-enrollment-'));
  t.after(() => rm(directory, { recursive: true }));
  const clock = new ManualClock(Date.UTC(2030, 0, 1));
  const store = createMemoryStore();
  const authority = await openCertificateAuthority(directory, clock);
  const nodes = createNodes({ store, clock, randomBytes });
  const tokens = createTokens({ store, nodes, caHash: authority.hash, clock, randomBytes });
  const logger = silentLogger();
  const mark = { epoch: 1, coordinatorId: 'fixture', revision: 1 };
  const lineage = { ...createFixedLineage(authority, mark), refuseSuperseded: (): void => undefined };
  const audit = createAuditTrail({ store, clock });
  const sessions = createSessions({ store, nodes, authority, lineage, audit, clock, logger });
  /** Nodes whose agents answer, besides those that have a session. */
  const alive = new Set<string>();
  /** What clusters show of nodes' kubelets, by the nodes' names. */
  const leases = new Map<string, Lease>();
  const liveness = {
    answersNow: async (nodeId: string) => alive.has(nodeId) || (await sessions.liveness.answersNow(nodeId)),
    hasConnected: () => true,
    lease: async (nodeName: string) => leases.get(nodeName),
  };
  const clusters = createClusters({ store, clock });
  const claims = createClaims({ store, nodes, clusters, liveness, clock, logger });
  const gatherer = { gather: () => Promise.reject(new Error('no node is asked here')) };
  const fleetTokens = createFleetTokens({ store, caHash: authority.hash, clock, randomBytes });
  const claimQuestions = createClaimQuestions({ claims, gatherer, clock });
  const enrollment = createEnrollment({
    ...{
      store,
      nodes,
      tokens,
      fleetTokens,
      clusters,
      claims,
      questions: claimQuestions,
      authority,
      lineage,
      clock,
      logger,
      randomBytes,
    },
  });
  /** What machines show that are asked for their facts, as JSON, and how often one was asked. */
  const shown = { json: '', asked: 0 };
  const ask = async (): Promise<string> => {
    shown.asked += 1;
    return shown.json;
  };

  async function createToken(name: string, ttlMs?: number, use: 'once' | 'machine' = 'once') {
    const { token } = await tokens.create(name, ttlMs === undefined ? { use } : { ttlMs, use });
    const parsed = parseEnrollmentToken(token);
    assert.ok(parsed);
    return parsed;
  }

  /** A machine that says hello and proves; `acknowledge` ends its enrolment. */
  async function prove(keys: KeyPair, means: Means, machine: MachineAccount = machineOne, tpm?: MachineTpm) {
    const token = typeof means === 'object' && 'secret' in means ? means : undefined;
    const previous = typeof means === 'object' && 'previous' in means ? means.previous : undefined;
    const hello = {
      tokenId: token?.tokenId ?? '',
      publicKey: Buffer.from(keys.publicKey),
      agentNonce: randomBytes(32),
      agentVersion: '0.1.0',
      account: machine,
      previousPublicKey: Buffer.from(previous?.publicKey ?? []),
      asksRecognition: means === 'recognition',
      tpm: tpm === undefined ? null : { unusable: '', ...tpm },
    };
    const attempt = enrollment.begin(hello, '10.0.0.7');
    const transcript = encodeEnrollmentTranscript({
      ...{ ...hello, coordinatorNonce: attempt.coordinatorNonce, caHash: authority.hash },
      tpm: tpm && attempt.tpmCredential && { ...tpm, ...attempt.tpmCredential },
    });
    const accepted = await attempt.prove(
      {
        signature: signWith(keys, transcript),
        tokenSignature:
          token === undefined ? Buffer.alloc(0) : sign(null, transcript, enrollmentTokenKey(token.secret)),
        previousSignature: previous === undefined ? Buffer.alloc(0) : signWith(previous, transcript),
        tpmAnswer: answerOf(tpm, attempt, transcript),
      },
      ask,
    );
    return { accepted, attempt };
  }

  async function enrol(
    keys: KeyPair,
    means: Means,
    machine = machineOne,
    tpm?: MachineTpm,
  ): Promise<EnrollmentAccepted> {
    const { accepted, attempt } = await prove(keys, means, machine, tpm);
    await acknowledge(attempt, accepted);
    return accepted;
  }

  const parts = { lineage, clock, store, clusters, nodes, tokens, claims, sessions, enrollment, authority };
  return { ...parts, fleetTokens, claimQuestions, shown, alive, leases, createToken, prove, enrol };
}

function signWith({ privateKey }: KeyPair, transcript: Uint8Array): Buffer {
  return sign('sha256', transcript, { key: privateKey, dsaEncoding: 'ieee-p1363' });
}

function answerOf(tpm: MachineTpm | undefined, { tpmCredential }: EnrollmentAttempt, transcript: Uint8Array): Buffer {
  if (tpm === undefined || tpmCredential === undefined) return Buffer.alloc(0);
  return tpm.answer(tpmCredential, transcript);
}

/** The machine has everything on disk. */
export async function acknowledge(attempt: EnrollmentAttempt, accepted: EnrollmentAccepted): Promise<void> {
  const { raw } = new X509Certificate(accepted.certificate);
  await attempt.acknowledge({ certificateSha256: createHash('sha256').update(raw).digest() });
}
