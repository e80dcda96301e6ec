import type { NodeRecord } from '../inventory/node-record.ts';
import type { NodeSessions, OperationObserver } from '../sessions/sessions.ts';
import type { RunInput } from './run-progress.ts';
import { isoAt } from './run-transitions.ts';

/** A line that an attempt's commands printed. */
export type AttemptLine = Parameters<NonNullable<OperationObserver['onLogLine']>>[0];

/** What an operation says while it runs, as inputs of its run and as lines of its log. */
export function observeAttempt(
  { stepId, operationId }: { readonly stepId: string; readonly operationId: string },
  sink: { readonly onInput: (input: RunInput) => void; readonly onLine: (line: AttemptLine) => void },
): OperationObserver {
  let waitingOn: string | undefined;
  return {
    onAccepted: () => sink.onInput({ kind: 'accepted', stepId, operationId }),
    onLogLine: (line) => sink.onLine(line),
    onProgress: (progress) => {
      const { on, sinceMs = 0, untilMs = 0 } = progress.waitingOn ?? {};
      // Progress comes often; what a step waits for seldom changes.
      if (on === waitingOn) return;
      waitingOn = on;
      const waiting = on === undefined ? undefined : { on, since: isoAt(sinceMs), until: isoAt(untilMs) };
      sink.onInput({ kind: 'waiting', stepId, operationId, waiting });
    },
  };
}

/** Tells the observer when a node that an operation needs is away, and when it is back, until the signal aborts. */
export function reportAbsence(
  node: NodeRecord,
  sessions: NodeSessions,
  observer: OperationObserver,
  options: { readonly now: () => number; readonly untilMs: number; readonly signal: AbortSignal },
): void {
  const report = (isConnected: boolean): void => {
    const waitingOn = { on: `${node.name} to connect`, sinceMs: options.now(), untilMs: options.untilMs };
    observer.onProgress?.({ message: '', ...(isConnected ? {} : { waitingOn }) });
  };
  if (sessions.find(node.nodeId) === undefined) report(false);
  sessions.onChange((change) => {
    if (change.node.nodeId === node.nodeId) report(change.connected);
  }, options.signal);
}
