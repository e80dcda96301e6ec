import type { DroverError } from '@drover/core';
import { type ActionRequest, type AgentFrame, fromActionMessage } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import { failedResult } from '../operations/operation-outcome.ts';
import type { OperationSink, Operations } from '../operations/operations.ts';

/** The coordinator's frames about operations, carried out on the agent's operations. */
export interface OperationFrames {
  /** Accepts, or answers at once with a failure. Never throws, and does not wait for the operation. */
  request(request: ActionRequest): void;
  attach(operationId: string): void;
  cancel(operationId: string, reason: string): void;
  acknowledge(operationId: string): void;
}

/** Binds operations to one stream. What an operation says later goes to the newest stream that asked for it. */
export function createOperationFrames(
  operations: Operations,
  send: (frame: AgentFrame) => void,
  now: () => number,
): OperationFrames {
  return {
    request: (request) => {
      // `accept` reports its own failure and never rejects.
      void accept(request);
    },
    attach: (operationId) => {
      if (!operations.attach(operationId, createSink(operationId, send))) send({ unknown: { operationId } });
    },
    cancel: (operationId, reason) => operations.cancel(operationId, reason),
    acknowledge: (operationId) => {
      // An acknowledgement that cannot be written down is given again with the next result.
      void operations.acknowledge(operationId).catch(() => undefined);
    },
  };

  async function accept({ operationId, mode: asked, byHand, timeoutMs, action }: ActionRequest): Promise<void> {
    try {
      const call = action === null ? undefined : fromActionMessage(action);
      const mode = asked === 'INSPECT' && byHand === true ? 'EXPLAIN' : asked;
      // A mode of a newer contract is a number here: what is not known must not run.
      if (call === undefined || !(mode === 'INSPECT' || mode === 'EXPLAIN' || mode === 'RUN'))
        throw unknownAction(action?.action);
      const sink = createSink(operationId, send);
      await operations.accept({ operationId, mode, timeoutMs, call }, sink);
      sink.announce();
    } catch (error) {
      const at = now();
      const times = { startedAt: at, finishedAt: at };
      send({ result: failedResult(operationId, error, { tried: 'accept an operation', ...times }) });
    }
  }
}

/** "Accepted" goes before anything else that is said of an operation. */
function createSink(operationId: string, send: (frame: AgentFrame) => void): OperationSink & { announce(): void } {
  let isAnnounced = false;
  const announce = (): void => {
    if (isAnnounced) return;
    isAnnounced = true;
    send({ accepted: { operationId } });
  };
  const say = (frame: AgentFrame): void => {
    announce();
    send(frame);
  };
  return {
    announce,
    logLine: (logLine) => say({ logLine }),
    progress: (progress) => say({ progress }),
    result: (result) => say({ result }),
  };
}

function unknownAction(name: string | undefined): DroverError {
  const reason = name === undefined ? 'it names no action that this agent knows' : `${name} came without a mode`;
  return agentErrors.create('action-unknown', { tried: 'accept an operation', reason });
}
