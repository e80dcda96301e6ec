import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentIdentity } from '@drover/agent/simulation';
import { type CertificateAuthority, openCertificateAuthority } from '@drover/coordinator/simulation';
import { type Clock, generateKeyPair } from '@drover/core';

/** A coordinator's CA and the nodes that have enrolled with it: real ones, made once for all simulations of a process. */
export interface Identities {
  readonly authority: CertificateAuthority;
  /** What each node enrols as first. */
  readonly agents: ReadonlyMap<string, AgentIdentity>;
  /** What a node is in one of its incarnations: there are four of each. */
  readonly incarnations: ReadonlyMap<string, readonly AgentIdentity[]>;
}

const incarnationCount = 4;

/** Makes them, valid from the clock's present on. Every certificate that is issued later is the first one again. */
export async function createIdentities(nodeNames: readonly string[], clock: Clock): Promise<Identities> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-simulation-'));
  const authority = await openCertificateAuthority(folder, clock);
  await rm(folder, { recursive: true });
  const agents = new Map<string, AgentIdentity>();
  const incarnations = new Map<string, AgentIdentity[]>();
  for (const [index, nodeName] of nodeNames.entries()) {
    const nodeId = `01900000-0000-7000-8000-00000000000${index}`;
    const identities: AgentIdentity[] = [];
    for (let incarnation = 1; incarnation <= incarnationCount; incarnation += 1) {
      const node = { nodeId, incarnation };
      const keys = generateKeyPair();
      const certificate = await authority.issueNodeCertificate(node, keys.publicKey);
      const caCertificate = authority.certificate;
      identities.push({ ...node, nodeName, tokenId: '', keys, certificate, caCertificate, isConfirmed: true });
    }
    const [first] = identities;
    if (first !== undefined) agents.set(nodeName, first);
    incarnations.set(nodeName, identities);
  }
  const certificateOf = (nodeId: string, incarnation: number): string =>
    [...incarnations.values()].flat().find((agent) => agent.nodeId === nodeId && agent.incarnation === incarnation)
      ?.certificate ?? '';
  return {
    // Issuing takes real time, and there is none in a simulation.
    authority: {
      ...authority,
      issueNodeCertificate: async ({ nodeId, incarnation }) => certificateOf(nodeId, incarnation),
    },
    ...{ agents, incarnations },
  };
}
