import type { NodeIncarnation } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { AgentPeer } from './agent-connection.ts';

const tried = 'open a session';

/**
 * Lets a peer in when it is exactly what the record says: this node, this incarnation, this key. Throws `node-removed`,
 * `identity-superseded`, `key-mismatch`, and `protocol-violated` when its hello and its certificate disagree.
 */
export function authorize(record: NodeRecord | undefined, peer: AgentPeer, hello: NodeIncarnation): NodeRecord {
  if (hello.nodeId !== peer.nodeId || hello.incarnation !== peer.incarnation)
    throw coordinatorErrors.create('protocol-violated', {
      tried,
      reason: `the hello names ${describe(hello)}, the certificate ${describe(peer)}`,
    });
  if (record?.identity === undefined)
    throw coordinatorErrors.create('node-removed', { tried, reason: `there is no enrolled node ${peer.nodeId}` });
  const node = record.name;
  if (record.incarnation !== peer.incarnation) {
    const reason = `this is incarnation ${peer.incarnation}, the present one is ${record.incarnation}`;
    throw coordinatorErrors.create('identity-superseded', { tried, node, reason });
  }
  if (record.identity.publicKey !== peer.publicKey) {
    const reason = 'the certificate is for another key than the one that was enrolled';
    throw coordinatorErrors.create('key-mismatch', { tried, node, reason });
  }
  return record;
}

function describe({ nodeId, incarnation }: NodeIncarnation): string {
  return `node ${nodeId}, incarnation ${incarnation}`;
}
