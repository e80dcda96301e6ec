import { Readable } from 'node:stream';
import type { Clock } from '@drover/core';

/** What is told as one event: with a number that only grows, and a word for what it is. */
export interface StreamedEvent {
  readonly sequence: number;
  readonly type: string;
}

/** How a stream stays alive. */
export interface EventStreamOptions {
  readonly clock: Clock;
  /** A comment is sent after so long without an event, so that proxies and clients see that the stream lives. @default 15000 */
  readonly heartbeatMs?: number;
}

/**
 * Events as server-sent events: the id is the sequence, to be sent back as Last-Event-ID where the source goes on from one.
 * Ends when the source does: with a run, say, and once nobody reads any more.
 */
export function eventStream(events: AsyncIterable<StreamedEvent>, options: EventStreamOptions): Readable {
  return Readable.from(frames(events, options), { objectMode: false });
}

async function* frames(
  events: AsyncIterable<StreamedEvent>,
  { clock, heartbeatMs = 15_000 }: EventStreamOptions,
): AsyncGenerator<string> {
  const source = events[Symbol.asyncIterator]();
  // The client's wait before it connects again, in milliseconds.
  yield 'retry: 1000\n\n';
  let next = source.next();
  for (;;) {
    const quiet = new AbortController();
    const silence = clock.sleep(heartbeatMs, quiet.signal).then(() => undefined);
    const result = await Promise.race([next, silence]).finally(() => quiet.abort());
    if (result === undefined) {
      yield ': alive\n\n';
      continue;
    }
    if (result.done === true) return;
    const event = result.value;
    yield `id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    next = source.next();
  }
}
