import type { Clock } from '@drover/core';
import type { OperationResult } from '@drover/proto';
import type { ApplyContext, MintContext, RandomBytes, ReportWaiting } from '../actions/action.ts';
import { agentErrors } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { TpmAccess } from '../tpm/tpm2-tools.ts';
import { createOperationHost } from './operation-host.ts';
import { outcomes } from './operation-outcome.ts';
import type { OperationRequest } from './operations.ts';
import { type ActionPorts, runAction } from './run-action.ts';

/** What every operation of an agent shares. */
export interface OperationEnvironment extends ActionPorts {
  readonly host: Host;
  readonly clock: Clock;
  readonly nodeName: string;
  readonly runtimeDirectory: string;
  readonly stateDirectory: string;
  readonly randomBytes: RandomBytes;
  readonly tpm?: TpmAccess;
  readonly open: ApplyContext['open'];
  readonly verifyRecipient: MintContext['verifyRecipient'];
}

/** What an operation says while it runs, and how it is stopped. */
export interface OperationReports {
  readonly log: (line: string) => void;
  readonly reportWaiting: ReportWaiting;
  readonly signal: AbortSignal;
}

/**
 * Has one operation done and answers with its result; never throws. Ends with `operation-timed-out` after the request's
 * time, and with the signal's reason when that aborts.
 */
export async function runOperation(
  environment: OperationEnvironment,
  request: OperationRequest,
  reports: OperationReports,
): Promise<OperationResult> {
  const { clock } = environment;
  const startedAt = clock.now();
  const deadline = startDeadline(clock, request);
  const signal = AbortSignal.any([reports.signal, deadline.signal]);
  const { host, clock: hostClock, commandMs } = createOperationHost(environment.host, { clock, signal });
  const deadlineAt = startedAt + request.timeoutMs;
  const { operationId } = request;
  const context = { ...pickShared(environment), ...reports, operationId, host, clock: hostClock, signal, deadlineAt };
  const outcome = await runAction(environment, context, request).catch(
    // What an aborted action throws is a consequence; the cause is the abort.
    (thrown: unknown) => outcomes.failure(signal.aborted ? signal.reason : thrown, `do ${request.call.name}`),
  );
  deadline.clear();
  const times = { startedAt, finishedAt: clock.now(), commandMs: commandMs() };
  return { operationId, ...outcome, ...times };
}

/** An action's context has what it may use and nothing else: not the registry, not the means to seal. */
function pickShared(environment: OperationEnvironment) {
  const { registry: _registry, seal: _seal, host: _host, machineLock: _lock, ...shared } = environment;
  return shared;
}

function startDeadline(clock: Clock, { timeoutMs, call }: OperationRequest) {
  const expiry = new AbortController();
  const cleared = new AbortController();
  clock.sleep(timeoutMs, cleared.signal).then(
    () => {
      const reason = `it had not ended after ${timeoutMs} ms`;
      expiry.abort(agentErrors.create('operation-timed-out', { tried: `do ${call.name}`, reason }));
    },
    // The operation ended first.
    () => undefined,
  );
  return { signal: expiry.signal, clear: () => cleared.abort() };
}
