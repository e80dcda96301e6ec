import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, verify, X509Certificate } from 'node:crypto';
import {
  type Clock,
  DroverError,
  encodeEnrollmentTranscript,
  hashPublicKey,
  type Logger,
  messageOf,
  parsePublicKey,
} from '@drover/core';
import type { EnrollmentAccepted, EnrollmentAcknowledgement, EnrollmentHello, EnrollmentProof } from '@drover/proto';
import type { AskForFacts, ClaimQuestions } from '../claims/claim-questions.ts';
import { claimIdOf } from '../claims/claim-record.ts';
import type { Grant } from '../claims/claims.ts';
import { coordinatorErrors } from '../errors.ts';
import type { CertificateAuthority } from '../identity/certificate-authority.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { tpmKnown } from '../inventory/pinned-tpm.ts';
import type { Lineage } from '../lineage/lineage.ts';
import type { Store } from '../store/store.ts';
import type { TpmCredential } from '../tpm/make-credential.ts';
import { challengeTpm, provedKey } from '../tpm/tpm-challenge.ts';
import {
  type Admission,
  type AdmissionOptions,
  admitByClaim,
  admitByFleetToken,
  admitByKnownKey,
  admitByMachineCredential,
  admitByToken,
} from './admission.ts';
import type { FleetTokens } from './fleet-tokens.ts';
import { readAccount } from './read-account.ts';
import type { Tokens } from './tokens.ts';

/** How machines become nodes. */
export interface Enrollment {
  /**
   * Opens an enrolment. Everyone gets a challenge, whatever the hello says; only its form is checked. `from` is the machine's
   * address, for the record. Throws `protocol-violated`.
   */
  begin(hello: EnrollmentHello, from?: string): EnrollmentAttempt;
}

/** One machine on its way in: prove, then acknowledge, each once and in this order. */
export interface EnrollmentAttempt {
  readonly coordinatorNonce: Uint8Array;
  /** For the TPM that the hello shows; absent where it shows none that can be used. */
  readonly tpmCredential?: TpmCredential;
  /**
   * Checks the proof, reserves the token for the machine's key and answers with its certificate. Throws `token-invalid`
   * alike for an unknown token and a wrong proof; who holds the token learns more: `token-expired`, `token-reserved`,
   * `token-used`; and what `Claims.consider` throws where the node is enrolled already; and `coordinator-superseded` when
   * the coordinator is. A machine that waits for a person is asked for its facts before that is thrown, where somebody
   * wants to see them: by `ask`, and in no other way.
   */
  prove(proof: EnrollmentProof, ask: AskForFacts): Promise<EnrollmentAccepted>;
  /**
   * The machine has key and certificate on disk: the token is used, the node has its new incarnation. Throws
   * `coordinator-superseded`, and what `Claims.admission` throws.
   */
  acknowledge(acknowledgement: EnrollmentAcknowledgement): Promise<void>;
}

/** What the enrolment checks against, and where it writes. */
export interface EnrollmentOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly tokens: Tokens;
  readonly fleetTokens: Pick<FleetTokens, 'get'>;
  readonly claims: AdmissionOptions['claims'];
  readonly clusters: AdmissionOptions['clusters'];
  readonly questions: Pick<ClaimQuestions, 'put'>;
  readonly authority: CertificateAuthority;
  readonly lineage: Pick<Lineage, 'refuseSuperseded'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomBytes: (size: number) => Uint8Array;
}

interface Proved {
  readonly admission: Admission;
  readonly granted: Grant;
  readonly certificate: string;
}

const nonceBytes = 32;

/** The enrolment over a store. */
export function createEnrollment(options: EnrollmentOptions): Enrollment {
  // Stands in for an unknown token's verifier, so that unknown and wrong take the same path and time.
  const nobody = generateKeyPairSync('ed25519').publicKey;

  return {
    begin: (hello, from = 'unknown') => {
      const machineKey = readMachineKey(hello);
      const coordinatorNonce = options.randomBytes(nonceBytes);
      const { tokenId, publicKey, agentNonce, agentVersion } = hello;
      const caHash = options.authority.hash;
      const challenge = hello.tpm === null ? undefined : challengeTpm(hello.tpm, options.randomBytes);
      const credential = challenge?.credential;
      const transcript = encodeEnrollmentTranscript({
        tokenId,
        publicKey,
        agentNonce,
        agentVersion,
        coordinatorNonce,
        caHash,
        tpm: hello.tpm === null || credential === undefined ? undefined : { ...hello.tpm, ...credential },
      });
      const account = readAccount(hello.account);
      let proved: Proved | undefined;
      return {
        coordinatorNonce,
        ...(credential === undefined ? {} : { tpmCredential: credential }),
        prove: async (proof, ask) => {
          requireSignature(machineKey, transcript, proof.signature);
          const tpm = challenge?.check(transcript, proof.tpmAnswer);
          const caller = { from, ...(account === undefined ? {} : { account }), ...(tpm === undefined ? {} : { tpm }) };
          const given = { proof, transcript, nobody };
          const admission = await admissionOf({ ...options, publicKey, caller }, hello, given);
          // Only to those who may know.
          options.lineage.refuseSuperseded();
          const granting = reported(options.logger, hello, admission.grant());
          const granted = await questioned(granting, () => options.questions.put(claimIdOfKey(publicKey), ask));
          const { node, incarnation } = granted;
          const certificate = await options.authority.issueNodeCertificate(
            { nodeId: node.nodeId, incarnation },
            publicKey,
          );
          proved = { admission, granted, certificate };
          const caCertificate = options.authority.certificate;
          return { nodeId: node.nodeId, nodeName: node.name, incarnation, certificate, caCertificate };
        },
        acknowledge: async ({ certificateSha256 }) => {
          if (proved === undefined) throw violated('the acknowledgement came before the proof');
          const { raw } = new X509Certificate(proved.certificate);
          if (!createHash('sha256').update(raw).digest().equals(certificateSha256))
            throw violated('the acknowledgement is for another certificate');
          options.lineage.refuseSuperseded();
          await proved.admission.confirm(proved.granted, proved.certificate);
          options.logger.info({ node: proved.granted.node.name, publicKey: hashPublicKey(publicKey) }, 'node enrolled');
        },
      };
    },
  };
}

function readMachineKey({ publicKey, agentNonce }: EnrollmentHello): KeyObject {
  if (agentNonce.length !== nonceBytes) throw violated(`the nonce has ${agentNonce.length} bytes, not ${nonceBytes}`);
  return readPublicKey(publicKey);
}

function readPublicKey(publicKey: Uint8Array): KeyObject {
  try {
    return parsePublicKey(publicKey);
  } catch (cause) {
    throw violated(messageOf(cause), cause);
  }
}

function requireSignature(machineKey: KeyObject, transcript: Uint8Array, signature: Uint8Array): void {
  if (!verify('sha256', transcript, { key: machineKey, dsaEncoding: 'ieee-p1363' }, signature))
    throw violated('the machine does not hold the key that it presented');
}

interface GivenProof {
  readonly proof: EnrollmentProof;
  readonly transcript: Uint8Array;
  readonly nobody: KeyObject;
}

/** By what the hello says that the machine has to show, once it has shown it. */
async function admissionOf(
  options: EnrollmentOptions & AdmissionOptions,
  hello: EnrollmentHello,
  given: GivenProof,
): Promise<Admission> {
  if (hello.tokenId !== '') return await checkToken(options, hello, given);
  if (hello.asksRecognition) return admitByClaim({ kind: 'nothing' }, options);
  if (hello.previousPublicKey.length === 0) return admitByKnownKey(options);
  return await checkPreviousKey(options, hello, given);
}

async function checkPreviousKey(
  options: EnrollmentOptions & AdmissionOptions,
  { previousPublicKey }: EnrollmentHello,
  { proof, transcript }: GivenProof,
): Promise<Admission> {
  requireSignature(readPublicKey(previousPublicKey), transcript, proof.previousSignature);
  // The machine may have become the node's next incarnation already, and only have missed the reply.
  const node =
    (await options.nodes.findByPublicKey(previousPublicKey)) ??
    (await options.nodes.findByPublicKey(options.publicKey));
  if (node !== undefined) {
    await refuseOthersTpm(options, node.nodeId, node.name);
    return admitByClaim({ kind: 'previous-key', nodeId: node.nodeId }, options);
  }
  throw coordinatorErrors.create('node-removed', {
    tried: 'enrol a machine again',
    reason: 'no node has the key that it had until now',
  });
}

async function checkToken(
  options: EnrollmentOptions & AdmissionOptions,
  { tokenId }: EnrollmentHello,
  given: GivenProof,
): Promise<Admission> {
  const token = await options.tokens.get(tokenId);
  const fleetToken = token === undefined ? await options.fleetTokens.get(tokenId) : undefined;
  const known = token ?? fleetToken;
  const verifier =
    known === undefined
      ? given.nobody
      : createPublicKey({ key: Buffer.from(known.verifier, 'base64'), format: 'der', type: 'spki' });
  const holdsToken = verify(null, given.transcript, verifier, given.proof.tokenSignature);
  if (holdsToken && fleetToken !== undefined) return admitByFleetToken(fleetToken, options);
  if (holdsToken && token !== undefined) {
    await refuseOthersTpm(options, token.nodeId, token.nodeName);
    return token.use === 'machine' ? admitByMachineCredential(token, options) : admitByToken(token, options);
  }
  throw coordinatorErrors.create('token-invalid', {
    tried: 'enrol a machine',
    reason: 'there is no such token, or the proof was not made with it',
  });
}

/** A machine with the TPM of a node is that one's machine or its copy, whatever it has been given for another node. */
async function refuseOthersTpm(
  { nodes, caller: { tpm } }: Pick<AdmissionOptions, 'nodes' | 'caller'>,
  nodeId: string,
  nodeName: string,
): Promise<void> {
  const endorsementKey = provedKey(tpm);
  const owner = endorsementKey === undefined ? undefined : await nodes.findByTpm(endorsementKey);
  if (owner !== undefined && owner.nodeId !== nodeId) throw tpmKnown(nodeName, owner);
}

/** Refusals of machines that people are to look at. Those that are turned away for good are asked nothing. */
const undecided: ReadonlySet<string> = new Set(['claim-pending', 'clone-suspected', 'revert-suspected']);

/** Lets a machine that waits be asked before it is refused. */
async function questioned<Result>(granting: Promise<Result>, put: () => Promise<void>): Promise<Result> {
  try {
    return await granting;
  } catch (error) {
    if (error instanceof DroverError && undecided.has(error.code)) await put();
    throw error;
  }
}

function claimIdOfKey(publicKey: Uint8Array): string {
  return claimIdOf(Buffer.from(publicKey).toString('base64'));
}

/** A token presented by a second machine is an alarm for people, besides a refusal to the machine. */
async function reported<Result>(logger: Logger, { tokenId, publicKey }: EnrollmentHello, granting: Promise<Result>) {
  try {
    return await granting;
  } catch (error) {
    if (error instanceof DroverError && (error.code === 'token-used' || error.code === 'token-reserved'))
      logger.warn(
        { code: error.code, tokenId, node: error.problem.node, publicKey: hashPublicKey(publicKey) },
        'enrolment token presented by a second key',
      );
    throw error;
  }
}

function violated(reason: string, cause?: unknown): DroverError {
  return coordinatorErrors.create('protocol-violated', { tried: 'enrol a machine', reason, cause });
}
