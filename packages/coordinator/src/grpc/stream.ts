import type { Logger } from '@drover/core';
import type { ServerDuplexStream } from '@grpc/grpc-js';
import { readMessages } from './read-messages.ts';
import { toServiceError } from './status.ts';

/** A bidirectional call, as services see it. */
export interface Stream<Incoming, Outgoing> {
  /** Ends when the peer closes its side, rejects when the call breaks. */
  readonly incoming: AsyncIterator<Incoming>;
  /** Does nothing when the call is over. */
  readonly send: (message: Outgoing) => void;
}

/**
 * Messages that a peer has not taken yet. One that reads nothing while it keeps its connection alive would otherwise have
 * all that it is sent kept in memory.
 */
const maximumUnsent = 1_000;

/** Runs `serve` over a call and ends the call as it ends. Never rejects: a failure becomes the call's status. */
export async function serveStream<Incoming, Outgoing>(
  call: ServerDuplexStream<Incoming, Outgoing>,
  logger: Logger,
  serve: (stream: Stream<Incoming, Outgoing>) => Promise<void>,
): Promise<void> {
  const send = (message: Outgoing): void => {
    if (call.destroyed || call.writableEnded) return;
    // Whoever serves it sees it broken off; nobody is there to be told.
    if (call.writableLength >= maximumUnsent) call.destroy(new Error(`${maximumUnsent} messages were not taken`));
    else call.write(message);
  };
  try {
    await serve({ incoming: readMessages<Incoming>(call), send });
    call.end();
  } catch (error) {
    // Nobody is there to be told.
    if (call.cancelled || call.destroyed) return;
    call.emit('error', toServiceError(error, logger));
  }
}
