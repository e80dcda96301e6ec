import type { KeyObject } from 'node:crypto';
import { messageOf, open, type Secret } from '@drover/core';
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

/** Has one operation done as the node that this machine is enrolled as. Never throws. */
export async function runAsNode(
  { identities, ...environment }: NodeEnvironment,
  request: OperationRequest,
  reports: OperationReports,
): Promise<OperationResult> {
  const { clock } = environment;
  const startedAt = clock.now();
  let identity: AgentIdentity;
  try {
    identity = await loadIdentity(identities);
  } catch (error) {
    const { operationId, call } = request;
    return failedResult(operationId, error, { tried: `do ${call.name}`, startedAt, finishedAt: clock.now() });
  }
  const { nodeName, keys, caCertificate } = identity;
  const node = {
    nodeName,
    open: (sealed: Uint8Array) => openCredentials(sealed, request.call.name, keys.privateKey),
    verifyRecipient: (recipient: Parameters<typeof verifyNodeCertificate>[0]) =>
      verifyNodeCertificate(recipient, caCertificate, clock.now()),
  };
  return await runOperation({ ...environment, ...node }, request, reports);
}

async function loadIdentity(identities: IdentityStore): Promise<AgentIdentity> {
  const identity = await identities.load();
  if (identity !== undefined) return identity;
  throw agentErrors.create('identity-unusable', { tried: 'do an operation', reason: 'this machine is not enrolled' });
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
