import type { KeyObject } from 'node:crypto';
import { type Clock, messageOf, open, type Secret } from '@drover/core';
import type { ActionName, OperationResult } from '@drover/proto';
import type { AgentIdentity } from '../enrollment/agent-identity.ts';
import type { IdentityStore } from '../enrollment/identity-store.ts';
import { verifyNodeCertificate } from '../enrollment/verify-node-certificate.ts';
import { agentErrors } from '../errors.ts';
import { failedResult } from '../operations/operation-outcome.ts';
import type { OperationRequest } from '../operations/operations.ts';
import { type OperationEnvironment, type OperationReports, runOperation } from '../operations/run-operation.ts';

/** What operations need besides who the node is. */
export interface NodeEnvironment extends Omit<OperationEnvironment, 'nodeName' | 'open' | 'verifyRecipient'> {
  /** Read for each operation: the node may have been enrolled anew since the last. */
  readonly identities: IdentityStore;
}

/**
 * Has one operation done as the node that this machine is enrolled as. A machine that is nobody yet looks at itself and at its
 * TPM, and does nothing else. Never throws.
 */
export async function runAsNode(
  { identities, ...environment }: NodeEnvironment,
  request: OperationRequest,
  reports: OperationReports,
): Promise<OperationResult> {
  const { clock } = environment;
  const startedAt = clock.now();
  let node: NodeParts;
  try {
    const identity = await identities.load();
    if (identity === undefined && !ofNobody.has(request.call.name)) throw notEnrolled();
    node = identity === undefined ? nobody : partsOf(identity, request.call.name, clock);
  } catch (error) {
    const { operationId, call } = request;
    return failedResult(operationId, error, { tried: `do ${call.name}`, startedAt, finishedAt: clock.now() });
  }
  return await runOperation({ ...environment, ...node }, request, reports);
}

/** What an agent has done for itself before it is a node. */
const ofNobody: ReadonlySet<ActionName> = new Set(['gather-facts', 'read-tpm', 'answer-tpm-credential']);

type NodeParts = Pick<OperationEnvironment, 'nodeName' | 'open' | 'verifyRecipient'>;

const nobody: NodeParts = {
  nodeName: '',
  open: async () => {
    throw notEnrolled();
  },
  verifyRecipient: () => {
    throw notEnrolled();
  },
};

function partsOf({ nodeName, keys, caCertificate }: AgentIdentity, action: ActionName, clock: Clock): NodeParts {
  return {
    nodeName,
    open: (sealed) => openCredentials(sealed, action, keys.privateKey),
    verifyRecipient: (recipient) => verifyNodeCertificate(recipient, caCertificate, clock.now()),
  };
}

function notEnrolled() {
  return agentErrors.create('identity-unusable', { tried: 'do an operation', reason: 'this machine is not enrolled' });
}

/** What is sealed to agents: credentials to join, for a purpose that is named after the action that mints them. */
async function openCredentials(sealed: Uint8Array, action: ActionName, privateKey: KeyObject): Promise<Secret> {
  const minting = action === 'join-control-plane' ? 'mint-control-plane-credentials' : 'mint-join-credentials';
  try {
    return await open({ privateKey, info: `drover/v1/${minting}`, sealed });
  } catch (cause) {
    throw agentErrors.create('sealed-for-another', { tried: 'open credentials', reason: messageOf(cause), cause });
  }
}
