import { encodeTpmTranscript, type Logger, messageOf } from '@drover/core';
import { TpmAnswer, TpmKeys } from '@drover/proto';
import type { FactsInventory } from '../inventory/facts.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { challengeTpm } from '../tpm/tpm-challenge.ts';
import { queryNode } from './query-node.ts';
import type { ConnectedNode, NodeSessions } from './sessions.ts';

/** What pinning needs. */
export interface TpmPinningOptions {
  readonly nodes: Pick<Nodes, 'get' | 'recordTpm'>;
  readonly facts: Pick<FactsInventory, 'last'>;
  readonly sessions: Pick<NodeSessions, 'run'>;
  readonly newOperationId: () => string;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly logger: Logger;
}

/**
 * Pins the TPM of each node that has one by its last facts and none pinned, when it connects, until the signal aborts: tpm2-tools
 * may have come later than the enrolment. It has to answer as in an enrolment.
 */
export function pinTpmsOnConnect(
  options: TpmPinningOptions & { readonly sessions: Pick<NodeSessions, 'onChange'> },
  signal: AbortSignal,
): void {
  options.sessions.onChange(({ node, connected }) => {
    // `pinTpm` reports its own failure and never rejects.
    if (connected) void pinTpm(node, options, signal);
  }, signal);
}

/** Pins the TPM of one connected node, where there is one to pin. Never throws. */
export async function pinTpm(
  { nodeId }: Pick<ConnectedNode, 'nodeId'>,
  options: TpmPinningOptions,
  signal: AbortSignal,
): Promise<void> {
  const { nodes, facts, logger } = options;
  try {
    const record = await nodes.get(nodeId);
    const device = (await facts.last(nodeId))?.facts.host.tpmDevice ?? null;
    if (record?.identity === undefined || record.tpm !== undefined || device === null) return;
    const endorsementKey = await challengeNode(record, record.identity.publicKey, options, signal);
    await nodes.recordTpm(record, endorsementKey);
    logger.info({ node: record.name, endorsementKey }, 'TPM pinned');
  } catch (error) {
    if (!signal.aborted) logger.info({ nodeId, error: messageOf(error) }, 'TPM not pinned');
  }
}

/** The hash of the endorsement key that has answered for the node's own key. */
async function challengeNode(
  { name, nodeId }: NodeRecord,
  publicKey: string,
  options: TpmPinningOptions,
  signal: AbortSignal,
): Promise<string> {
  const query = queryNode(options, { tried: 'pin its TPM', node: name, nodeId, signal });
  const keys = await query({ name: 'read-tpm', params: {} }, TpmKeys);
  const shown = { endorsementKey: decode(keys.endorsementKey), attestationKey: decode(keys.attestationKey) };
  const { credential, check } = challengeTpm({ ...shown, unusable: '' }, options.randomBytes);
  const none = { idObject: Buffer.alloc(0), encryptedSecret: Buffer.alloc(0) };
  const { idObject, encryptedSecret } = credential ?? none;
  const transcript = Buffer.from(
    encodeTpmTranscript({ nodeId, publicKey: decode(publicKey), tpm: { ...shown, idObject, encryptedSecret } }),
  );
  const params = {
    endorsementContext: decode(keys.endorsementContext),
    attestationContext: decode(keys.attestationContext),
    credential: { idObject: Buffer.from(idObject), encryptedSecret: Buffer.from(encryptedSecret) },
    transcript,
  };
  // One whose keys cannot be used is not asked.
  const { answer } =
    credential === undefined ? { answer: '' } : await query({ name: 'answer-tpm-credential', params }, TpmAnswer);
  const proof = check(transcript, decode(answer));
  if (proof.kind === 'unproved') throw new Error(proof.reason);
  return proof.endorsementKey;
}

function decode(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
