import type { Endpoint } from '@drover/core';
import type { AgentFrame, CoordinatorFrame } from '@drover/proto';
import { loadContract } from '@drover/proto/contract';
import type { AgentIdentity } from '../enrollment/agent-identity.ts';
import { createPinnedClient } from '../enrollment/channel.ts';

/** The stream to a coordinator, whatever carries it. */
export interface CoordinatorStream {
  /** Ends when the coordinator closes its side, throws when the connection cannot be made or breaks. */
  readonly frames: AsyncIterator<CoordinatorFrame>;
  /** Does nothing when the stream is gone. */
  readonly send: (frame: AgentFrame) => void;
  close(): void;
}

/** Connects to a coordinator's session listener. Failures show at the first frame. */
export type Dial = (endpoint: Endpoint, identity: AgentIdentity) => CoordinatorStream;

/** Dials a coordinator over mutual TLS, trusting the pinned CA alone. Failures show at the first frame. */
export function dial(endpoint: Endpoint, identity: AgentIdentity): CoordinatorStream {
  const { Session } = loadContract();
  const client = createPinnedClient(Session, endpoint, identity.caCertificate, identity);
  const call = client.Connect();
  // Who reads the frames is told of an error; one that comes while nobody reads has to be heard by someone.
  call.on('error', () => undefined);
  return {
    frames: call[Symbol.asyncIterator](),
    send: (frame) => {
      if (!call.destroyed && !call.writableEnded) call.write(frame);
    },
    close: () => {
      call.cancel();
      client.close();
    },
  };
}
