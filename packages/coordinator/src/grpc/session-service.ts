import { X509Certificate } from 'node:crypto';
import { exportPublicKey, type Logger, parseNodeUri } from '@drover/core';
import type { AgentFrame, CoordinatorFrame } from '@drover/proto';
import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import { coordinatorErrors } from '../errors.ts';
import type { AgentPeer } from '../sessions/agent-connection.ts';
import type { Sessions } from '../sessions/node-sessions.ts';
import { serveStream } from './stream.ts';

/** The Session service: who calls is read from the certificate, the rest is the sessions' own. */
export function createSessionService(
  sessions: Sessions,
  logger: Logger,
): { readonly Connect: handleBidiStreamingCall<AgentFrame, CoordinatorFrame> } {
  return {
    Connect: (call) => {
      // serveStream never rejects: the call's status is where a failure goes.
      void serveStream(call, logger, async ({ incoming, send }) => {
        await sessions.serve({ peer: readPeer(call), frames: incoming, send });
      });
    },
  };
}

function readPeer(call: ServerDuplexStream<AgentFrame, CoordinatorFrame>): AgentPeer {
  const { sslPeerCertificate } = call.getAuthContext();
  if (sslPeerCertificate === undefined) throw unnamed('the caller has shown no certificate');
  const certificate = new X509Certificate(sslPeerCertificate.raw);
  const name = certificate.subjectAltName ?? '';
  const node = name.startsWith('URI:') ? parseNodeUri(name.slice('URI:'.length)) : undefined;
  if (node === undefined) throw unnamed(`the certificate names "${name}", which is no node`);
  const publicKey = exportPublicKey(certificate.publicKey).toString('base64');
  return { ...node, publicKey, address: call.getPeer() };
}

function unnamed(reason: string) {
  return coordinatorErrors.create('protocol-violated', { tried: 'open a session', reason });
}
