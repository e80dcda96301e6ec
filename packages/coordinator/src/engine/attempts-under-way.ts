import type { Logger } from '@drover/core';
import type { AttemptContext } from './attempt-context.ts';
import { attemptStep, type StepAttempt } from './attempt-step.ts';
import type { Hold } from './hold.ts';
import { type AttemptLine, observeAttempt } from './observe-attempt.ts';
import type { RunInput } from './run-progress.ts';
import type { AttemptEnd } from './step-transitions.ts';

/** What attempts are made with, and who hears of them. */
export interface AttemptsOptions {
  readonly context: AttemptContext;
  readonly hold: Hold;
  readonly logger: Logger;
  readonly onInput: (input: RunInput) => void;
  readonly onLine: (attempt: StepAttempt, line: AttemptLine) => void;
}

interface AttemptUnderWay {
  readonly controller: AbortController;
  readonly kept: PromiseWithResolvers<void>;
}

/** The attempts of a run that are being made. Each ends in an input, and in nothing else. */
export class AttemptsUnderWay {
  readonly #options: AttemptsOptions;
  /** By operation id, until their ends are committed. */
  readonly #attempts = new Map<string, AttemptUnderWay>();

  constructor(options: AttemptsOptions) {
    this.#options = options;
  }

  has(operationId: string): boolean {
    return this.#attempts.has(operationId);
  }

  begin(attempt: StepAttempt): void {
    const { step, operationId, number } = attempt;
    const underWay: AttemptUnderWay = { controller: new AbortController(), kept: Promise.withResolvers() };
    this.#attempts.set(operationId, underWay);
    if (attempt.wasCancelled) underWay.controller.abort(cancellation());
    const logger = this.#options.logger.child({ step: step.id, node: step.node, operationId, attempt: number });
    logger.info(attempt.wasSent ? 'attempt goes on' : 'attempt begins');
    // Owned by the run: its end is an input, and it has no other.
    void this.#untilKnown(attempt, underWay).then((end) => {
      logger.info({ end: end.kind, ...('problem' in end ? { code: end.problem.code } : {}) }, 'attempt ended');
      this.#options.onInput({ kind: 'ended', stepId: step.id, operationId, end });
    });
  }

  /** Its end is committed: its agent need not remember it. */
  conclude(operationId: string): void {
    this.#attempts.get(operationId)?.kept.resolve();
    this.#attempts.delete(operationId);
  }

  cancelAll(): void {
    for (const { controller } of this.#attempts.values()) controller.abort(cancellation());
  }

  /** A node that cannot be reached because the engine is held is not lost: it is asked when the hold is over. */
  async #untilKnown(attempt: StepAttempt, underWay: AttemptUnderWay): Promise<AttemptEnd> {
    const { context, hold, onInput, onLine } = this.#options;
    const { step, operationId } = attempt;
    const sink = { onInput, onLine: (line: AttemptLine) => onLine(attempt, line) };
    const observer = observeAttempt({ stepId: step.id, operationId }, sink);
    const { controller, kept } = underWay;
    const observation = { signal: controller.signal, observer, kept: kept.promise };
    const end = await attemptStep(attempt, context, observation);
    if (end.kind !== 'lost' || hold.standing === undefined) return end;
    return await this.#untilKnown({ ...attempt, wasSent: true }, underWay);
  }
}

/** What agents are told. */
function cancellation(): Error {
  return new Error('the run was cancelled');
}
