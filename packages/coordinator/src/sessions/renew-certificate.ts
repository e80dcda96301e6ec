import type { AuditTrail } from '../audit/audit-trail.ts';
import type { CertificateAuthority } from '../identity/certificate-authority.ts';
import type { Nodes } from '../inventory/nodes.ts';
import type { AgentConnection } from './agent-connection.ts';
import { authorize } from './authorize.ts';
import type { LiveSession } from './live-session.ts';

/** What renewing takes. */
export interface RenewalContext {
  readonly nodes: Nodes;
  readonly authority: Pick<CertificateAuthority, 'issueNodeCertificate'>;
  readonly audit: Pick<AuditTrail, 'append'>;
}

/**
 * The same node, incarnation and key get a new certificate, as long as the record still agrees. Who got one is on record: what
 * cannot be recorded is not done. Throws what `authorize`, the CA and the store throw.
 */
export async function renewCertificate(
  session: Pick<LiveSession, 'send'>,
  { peer }: Pick<AgentConnection, 'peer'>,
  { nodes, authority, audit }: RenewalContext,
): Promise<void> {
  const record = authorize(await nodes.get(peer.nodeId), peer, peer);
  const call = {
    caller: 'agent',
    from: peer.address,
    operation: 'renewCertificate',
    target: { node: record.name, incarnation: String(record.incarnation) },
  } as const;
  const { sequence: attempt } = await audit.append({ event: 'attempted', ...call });
  const certificate = await authority.issueNodeCertificate(peer, Buffer.from(peer.publicKey, 'base64'));
  await nodes.recordCertificate(record, certificate);
  await audit.append({ event: 'ended', attempt, ...call, outcome: { status: 200, code: 'ok' } });
  session.send({ certificate: { certificate } });
}
