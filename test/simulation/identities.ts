import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentIdentity } from '@drover/agent/simulation';
import { type CertificateAuthority, openCertificateAuthority } from '@drover/coordinator/simulation';
import { type Clock, generateKeyPair } from '@drover/core';

/** A coordinator's CA and the nodes that have enrolled with it: real ones, made once for all simulations of a process. */
export interface Identities {
  readonly authority: CertificateAuthority;
  readonly agents: ReadonlyMap<string, AgentIdentity>;
}

/** Makes them, valid from the clock's present on. Every certificate that is issued later is the first one again. */
export async function createIdentities(nodeNames: readonly string[], clock: Clock): Promise<Identities> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-simulation-'));
  const authority = await openCertificateAuthority(folder, clock);
  await rm(folder, { recursive: true });
  const agents = new Map<string, AgentIdentity>();
  for (const [index, nodeName] of nodeNames.entries()) {
    const node = { nodeId: `01900000-0000-7000-8000-00000000000${index}`, incarnation: 1 };
    const keys = generateKeyPair();
    const certificate = await authority.issueNodeCertificate(node, keys.publicKey);
    const caCertificate = authority.certificate;
    agents.set(nodeName, { ...node, nodeName, tokenId: '', keys, certificate, caCertificate, isConfirmed: true });
  }
  const certificateOf = (nodeId: string): string =>
    [...agents.values()].find((agent) => agent.nodeId === nodeId)?.certificate ?? '';
  return {
    // Issuing takes real time, and there is none in a simulation.
    authority: { ...authority, issueNodeCertificate: async ({ nodeId }) => certificateOf(nodeId) },
    agents,
  };
}
