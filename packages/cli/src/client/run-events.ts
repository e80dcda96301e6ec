import { createParser } from 'eventsource-parser';
import { cliErrors } from '../errors.ts';
import type { Client } from './client.ts';
import type { Patience } from './patience.ts';
import { hasEnded, type RunEvent } from './resources.ts';

/** What following a run needs from the world. */
export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly patience: Patience;
}

/**
 * A run's events from the first one on, each once and in order, until the run has ended and the coordinator says no more:
 * one that was opened again has an end before its end. A broken connection is taken up again behind the last event seen,
 * as long as the patience lasts; then the last failure is thrown.
 */
export async function* followRun(client: Client, runId: string, options: FollowOptions): AsyncIterable<RunEvent> {
  const { signal, patience } = options;
  const seen = { sequence: 0, ended: false };
  for (;;) {
    let failure: unknown = silence(runId);
    try {
      for await (const event of takeNew(readEvents(client, runId, seen.sequence, options), seen)) {
        patience.answered();
        yield event;
      }
    } catch (error) {
      failure = error;
    }
    if (seen.ended) return;
    signal.throwIfAborted();
    await patience.afterFailure(failure);
  }
}

function silence(runId: string): Error {
  return cliErrors.create('coordinator-unreachable', {
    tried: `follow run ${runId}`,
    reason: 'it ends the event stream and says nothing',
  });
}

async function* takeNew(
  events: AsyncIterable<RunEvent>,
  seen: { sequence: number; ended: boolean },
): AsyncIterable<RunEvent> {
  for await (const event of events) {
    if (event.sequence <= seen.sequence) continue;
    seen.sequence = event.sequence;
    if (event.type === 'run') seen.ended = hasEnded(event.run);
    yield event;
  }
}

async function* readEvents(
  client: Client,
  runId: string,
  after: number,
  { signal, patience }: FollowOptions,
): AsyncIterable<RunEvent> {
  const received: RunEvent[] = [];
  const parser = createParser({
    // The coordinator sends only run events on this stream.
    onEvent: (message) => received.push(JSON.parse(message.data) as RunEvent),
    // Its heartbeats. A stream that only begins proves nothing yet: one that ends at once begins too.
    onComment: () => patience.answered(),
  });
  const decoder = new TextDecoder();
  const body = await client.stream({
    method: 'GET',
    path: `/runs/${encodeURIComponent(runId)}/events`,
    headers: { accept: 'text/event-stream', 'last-event-id': String(after) },
    signal,
  });
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* received.splice(0);
  }
}
