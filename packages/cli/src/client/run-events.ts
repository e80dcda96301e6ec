import { createParser } from 'eventsource-parser';
import { cliErrors } from '../errors.ts';
import type { Client } from './client.ts';
import { RefusedError } from './refused-error.ts';
import { hasEnded, type RunEvent } from './resources.ts';

/** What following a run needs from the world. */
export interface FollowOptions {
  readonly signal: AbortSignal;
  readonly sleep: (ms: number) => Promise<void>;
}

/** With the waits between, about two minutes: a coordinator that restarts is back long before. */
const maximumFailures = 28;

/**
 * A run's events from the first one on, each once and in order, until the run has ended and the coordinator says no more:
 * one that was opened again has an end before its end. A broken connection is taken up
 * again behind the last event seen; after two minutes without any event the last failure is thrown.
 */
export async function* followRun(client: Client, runId: string, options: FollowOptions): AsyncIterable<RunEvent> {
  const seen = { sequence: 0, ended: false };
  for (let failures = 0; ; failures += 1) {
    const before = seen.sequence;
    try {
      yield* takeNew(readEvents(client, runId, before, options.signal), seen);
    } catch (error) {
      if (options.signal.aborted || error instanceof RefusedError || failures >= maximumFailures) throw error;
    }
    if (seen.ended) return;
    if (seen.sequence > before) failures = 0;
    else if (failures >= maximumFailures) throw silence(runId);
    await options.sleep(Math.min(5_000, 250 * 2 ** failures));
  }
}

function silence(runId: string): Error {
  return cliErrors.create('coordinator-unreachable', {
    tried: `follow run ${runId}`,
    reason: 'it ends every event stream and says nothing',
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

async function* readEvents(client: Client, runId: string, after: number, signal: AbortSignal): AsyncIterable<RunEvent> {
  const received: RunEvent[] = [];
  // The coordinator sends only run events on this stream; its heartbeats are comments, which the parser drops.
  const parser = createParser({ onEvent: (message) => received.push(JSON.parse(message.data) as RunEvent) });
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
