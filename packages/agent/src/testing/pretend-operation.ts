import type { Clock } from '@drover/core';
import type { OperationResult } from '@drover/proto';
import { outcomes } from '../operations/operation-outcome.ts';
import type { OperationRequest } from '../operations/operations.ts';
import type { OperationReports } from '../operations/run-operation.ts';

/** A request for an operation that does nothing: `hang` waits to be cancelled, `say-3` says three lines. */
export function pretence(operationId: string, what: 'quick' | 'hang' | `say-${number}`): OperationRequest {
  const call = { name: 'set-hostname', params: { hostname: what } } as const;
  return { operationId, mode: 'RUN', timeoutMs: 10_000, call };
}

/** Does what `pretence` asks for. The first line of what hangs names its process. */
export async function pretendOperation(
  { operationId, call }: OperationRequest,
  { log, signal }: OperationReports,
  clock: Clock,
): Promise<OperationResult> {
  const startedAt = clock.now();
  const what = call.name === 'set-hostname' ? call.params.hostname : 'quick';
  for (let line = 1; line <= Number(/^say-(\d+)$/.exec(what)?.[1] ?? 0); line += 1) log(`line ${line}`);
  if (what === 'hang') log(`process ${process.pid}`);
  const ended = what === 'hang' ? await untilAborted(signal) : outcomes.completion(true, []);
  return { operationId, ...ended, startedAt, finishedAt: clock.now(), commandMs: 0 };
}

function untilAborted(signal: AbortSignal) {
  return new Promise<ReturnType<typeof outcomes.failure>>((resolve) => {
    const end = (): void => resolve(outcomes.failure(signal.reason, 'hang'));
    // It may have been cancelled before it began.
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
  });
}
