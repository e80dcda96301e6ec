import { type Clock, type Logger, operationId } from '@drover/core';
import { Alarm } from './alarm.ts';
import { type AttemptContext, nodeNotEnrolled } from './attempt-context.ts';
import { attemptStep, type StepAttempt } from './attempt-step.ts';
import { LogRecorder } from './log-recorder.ts';
import { type AttemptLine, observeAttempt } from './observe-attempt.ts';
import type { RunJournal } from './run-journal.ts';
import type { RunInput, RunProgress } from './run-progress.ts';

/** What drives a run. */
export interface RunDriverOptions {
  readonly progress: RunProgress;
  readonly journal: RunJournal;
  readonly attempts: AttemptContext;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Steps of the run that are under way at once, at most. */
  readonly concurrency: number;
}

/** Lines wait so long for a commit of something else, then they have one of their own. */
const logDelayMs = 250;

/**
 * Drives one run to its end: takes in what has happened, decides, commits, and only then does what was decided. One turn
 * after another; what happens meanwhile waits for the next.
 */
export class RunDriver {
  readonly #options: RunDriverOptions;
  readonly #alarm: Alarm;
  readonly #logs: LogRecorder;
  readonly #underWay = new Map<string, AbortController>();
  readonly #closing = new AbortController();
  #inputs: RunInput[] = [];
  #logsDueAtMs: number | undefined;

  constructor(options: RunDriverOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.#logs = new LogRecorder(options.progress.run.runId);
  }

  /** Asks for the run's end: what is under way is cancelled on its nodes, nothing more begins. */
  cancel(): void {
    this.#takeIn({ kind: 'cancel' });
  }

  /** Stops driving. Nothing is cancelled: operations go on at their nodes, and the next driver asks for them. */
  close(): void {
    this.#closing.abort(new Error('the engine stops'));
    this.#alarm.ring();
  }

  /**
   * Resolves when the run has ended or the driver was closed. Throws `epoch-superseded` when another coordinator has
   * taken over.
   */
  async drive(): Promise<void> {
    const { progress } = this.#options;
    const wasCancelled = progress.run.cancelRequestedAt !== undefined;
    for (const { step, record } of progress.active()) {
      const { operationId: id = '', attempts: number } = record;
      this.#attempt({ step, operationId: id, number, wasSent: true, wasCancelled });
    }
    while (!this.#closing.signal.aborted) {
      await this.#turn();
      if (progress.isFinished) return;
      await this.#somethingToDo();
    }
  }

  async #turn(): Promise<void> {
    const { progress, clock, random } = this.#options;
    const inputs = this.#inputs;
    this.#inputs = [];
    for (const input of inputs) progress.apply(input, clock.now(), random);
    const begun = await this.#beginReady();
    progress.settle(clock.now());
    if (!(await this.#commit())) return;
    for (const attempt of begun) this.#attempt(attempt);
    if (inputs.some((input) => input.kind === 'cancel')) this.#cancelAttempts();
  }

  /** Records attempts at the steps that can begin now. */
  async #beginReady(): Promise<readonly StepAttempt[]> {
    const { progress, clock, concurrency, attempts } = this.#options;
    const { runId } = progress.run;
    const begun: StepAttempt[] = [];
    for (const { step, record } of progress.ready(clock.now(), concurrency)) {
      const node = await attempts.nodes.findByName(step.node);
      if (node === undefined) {
        progress.refuse(step.id, nodeNotEnrolled(step.node).problem, clock.now());
        continue;
      }
      const number = record.attempts + 1;
      const { nodeId, incarnation } = node;
      const id = operationId({ runId, stepId: step.id, nodeId, incarnation, attempt: number });
      progress.begin(step.id, id, clock.now());
      begun.push({ step, operationId: id, number, wasSent: false, wasCancelled: false });
    }
    return begun;
  }

  /** False when the driver was closed meanwhile: then nothing of what was decided may be done. */
  async #commit(): Promise<boolean> {
    const { progress, journal } = this.#options;
    const { signal } = this.#closing;
    this.#logsDueAtMs = undefined;
    try {
      await journal.commit(progress.run, progress.takeChanges(), { further: this.#logs.take(), signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return !signal.aborted;
  }

  #attempt(attempt: StepAttempt): void {
    const { step, operationId: id, number } = attempt;
    const controller = new AbortController();
    this.#underWay.set(id, controller);
    const logger = this.#options.logger.child({ step: step.id, node: step.node, operationId: id, attempt: number });
    logger.info(attempt.wasSent ? 'attempt goes on' : 'attempt begins');
    const observer = observeAttempt(
      { stepId: step.id, operationId: id },
      { onInput: (input) => this.#takeIn(input), onLine: (line) => this.#takeLine(attempt, line) },
    );
    // Owned by the run: its end is an input, and it has no other.
    void attemptStep(attempt, this.#options.attempts, { signal: controller.signal, observer }).then((end) => {
      this.#underWay.delete(id);
      logger.info({ end: end.kind, ...('problem' in end ? { code: end.problem.code } : {}) }, 'attempt ended');
      this.#takeIn({ kind: 'ended', stepId: step.id, operationId: id, end });
    });
  }

  #cancelAttempts(): void {
    for (const controller of this.#underWay.values()) controller.abort(new Error('the run was cancelled'));
  }

  #takeIn(input: RunInput): void {
    this.#inputs.push(input);
    this.#alarm.ring();
  }

  #takeLine({ step, number }: StepAttempt, { sequence, loggedAt, line }: AttemptLine): void {
    const at = new Date(loggedAt).toISOString();
    this.#logs.add({ stepId: step.id, node: step.node, at, line }, number, sequence);
    this.#logsDueAtMs ??= this.#options.clock.now() + logDelayMs;
    this.#alarm.ring();
  }

  async #somethingToDo(): Promise<void> {
    const { progress, clock, concurrency } = this.#options;
    while (this.#inputs.length === 0 && !this.#closing.signal.aborted) {
      const dueAtMs = earliest(progress.nextStartAtMs(concurrency), this.#logsDueAtMs);
      if (dueAtMs !== undefined && dueAtMs <= clock.now()) return;
      await this.#alarm.wait(dueAtMs);
    }
  }
}

function earliest(...instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
