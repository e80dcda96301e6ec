import type { NodeIncarnation } from '@drover/core';
import type { AgentFrame, CoordinatorFrame } from '@drover/proto';

/** Who the other end is, as its certificate says and TLS has proved. */
export interface AgentPeer extends NodeIncarnation {
  /** SubjectPublicKeyInfo in DER, base64. */
  readonly publicKey: string;
  /** Address and port, for the log. */
  readonly address: string;
}

/** An agent's stream, whatever carries it. */
export interface AgentConnection {
  readonly peer: AgentPeer;
  /** Ends when the agent closes its side, throws when the connection breaks. */
  readonly frames: AsyncIterator<AgentFrame>;
  /** Does nothing when the stream is gone. */
  readonly send: (frame: CoordinatorFrame) => void;
}

/** One message to an agent, before the epoch is put on it. */
export type CoordinatorMessage = Omit<CoordinatorFrame, 'epoch' | 'frame'>;
