import { type Clock, DroverError, type Logger, operationId } from '@drover/core';
import type { Write } from '../store/store.ts';
import { Alarm } from './alarm.ts';
import { type AttemptContext, type NodeLookup, nodeNotEnrolled } from './attempt-context.ts';
import type { StepAttempt } from './attempt-step.ts';
import { AttemptsUnderWay } from './attempts-under-way.ts';
import { watchClockSetting } from './clock-setting.ts';
import type { Hold } from './hold.ts';
import { LogRecorder } from './log-recorder.ts';
import type { AttemptLine } from './observe-attempt.ts';
import type { RunControl } from './run-control.ts';
import type { RunJournal } from './run-journal.ts';
import type { RunInput, RunProgress } from './run-progress.ts';
import type { RunRecord } from './run-record.ts';
import { RunTimers, remainingMs } from './run-timers.ts';
import { isoAt } from './run-transitions.ts';
import type { StepWitness, WitnessedStep } from './step-witness.ts';

/** What drives a run. */
export interface RunDriverOptions {
  readonly progress: RunProgress;
  readonly journal: RunJournal;
  readonly context: AttemptContext;
  readonly witness: StepWitness;
  readonly hold: Hold;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Steps of the run that are under way at once, at most. */
  readonly concurrency: number;
}

/** Lines wait so long for a commit of something else, then they have one of their own. */
const logDelayMs = 250;

/** Something that came in since the last turn; whoever wants something of the run waits for the answer. */
type Arrival = RunInput | { readonly kind: 'control'; readonly control: RunControl; readonly answer: Answer };

type Answer = PromiseWithResolvers<RunRecord | 'over'>;

/**
 * Drives one run to its end: takes in what has happened, decides, commits, and only then does what was decided. One turn
 * after another; what happens meanwhile waits for the next.
 */
export class RunDriver {
  readonly #options: RunDriverOptions;
  readonly #alarm = new Alarm();
  readonly #timers: RunTimers;
  readonly #logs: LogRecorder;
  readonly #attempts: AttemptsUnderWay;
  readonly #clockSetByMs: () => number;
  readonly #closing = new AbortController();
  readonly #arrivals: Arrival[] = [];
  /** Taken in, and not yet committed. */
  readonly #answers: Answer[] = [];
  #isLogDue = false;
  #isOver = false;

  constructor(options: RunDriverOptions) {
    const { journal, context, hold, logger } = options;
    // A store that is away for a moment says nothing about a node, least of all that an attempt at it has failed.
    const nodes: NodeLookup = {
      findByName: (name) => journal.patiently(() => context.nodes.findByName(name), this.#closing.signal),
    };
    this.#options = { ...options, context: { ...context, nodes } };
    this.#attempts = new AttemptsUnderWay({
      ...{ context: this.#options.context, hold, logger },
      onInput: (input) => this.#takeIn(input),
      onLine: (attempt, line) => this.#takeLine(attempt, line),
    });
    this.#timers = new RunTimers(options.clock);
    this.#clockSetByMs = watchClockSetting(options.clock);
    this.#logs = new LogRecorder(options.progress.run.runId);
  }

  /**
   * What a person wants of the run. Resolves with the run once that is committed, or with `over` when it is not driven any
   * more; throws the refusal, or why nothing can be committed.
   */
  async control(control: RunControl): Promise<RunRecord | 'over'> {
    if (this.#isOver) return 'over';
    const answer: Answer = Promise.withResolvers();
    this.#takeIn({ kind: 'control', control, answer });
    return await answer.promise;
  }

  /** Those who wait for an answer are told why there is none for now; what they want is done all the same. */
  answerAll(error: Error): void {
    for (const answer of this.#answers.splice(0)) answer.reject(error);
    for (const arrival of this.#arrivals) if (arrival.kind === 'control') arrival.answer.reject(error);
  }

  /** The engine was held for so long, and is not any more. */
  released(heldMs: number): void {
    this.#takeIn({ kind: 'held', heldMs });
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
    try {
      while (!this.#closing.signal.aborted) {
        await this.#turn();
        if (progress.isFinished) return;
        await this.#somethingToDo();
      }
    } finally {
      this.#isOver = true;
      this.#timers.clearAll();
      for (const answer of this.#answers.splice(0)) answer.resolve('over');
      for (const arrival of this.#arrivals) if (arrival.kind === 'control') arrival.answer.resolve('over');
    }
  }

  async #turn(): Promise<void> {
    const { progress, clock } = this.#options;
    const wasCancelled = progress.run.cancelRequestedAt !== undefined;
    // Before everything that came in: what it says of time is read by the clock as it is now.
    const setByMs = this.#clockSetByMs();
    if (setByMs !== 0) this.#apply({ kind: 'clock-set', byMs: setByMs });
    const arrivals = this.#arrivals.splice(0);
    for (const arrival of arrivals) this.#apply(arrival);
    const ends = await this.#witnessEnds(arrivals);
    const { begun, writes } = await this.#beginReady();
    progress.settle(clock.now());
    if (!(await this.#commit([...ends, ...writes]))) return;
    for (const answer of this.#answers.splice(0)) answer.resolve(progress.run);
    for (const arrival of arrivals) if (arrival.kind === 'ended') this.#attempts.conclude(arrival.operationId);
    if (!wasCancelled && progress.run.cancelRequestedAt !== undefined) this.#attempts.cancelAll();
    this.#makeAttempts(begun);
    this.#setTimers();
  }

  #apply(arrival: Arrival): void {
    const { progress, clock, random } = this.#options;
    if (arrival.kind !== 'control') return progress.apply(arrival, clock.now(), random);
    try {
      progress.control(arrival.control, clock.now());
      this.#answers.push(arrival.answer);
    } catch (error) {
      arrival.answer.reject(error);
    }
  }

  /** What is to be written beside the ends that have come in. */
  async #witnessEnds(arrivals: readonly Arrival[]): Promise<readonly Write[]> {
    const { progress, witness, journal, context } = this.#options;
    const writes: Write[] = [];
    for (const arrival of arrivals) {
      if (arrival.kind !== 'ended' || arrival.end.kind !== 'completed') continue;
      const step = progress.plan.steps.find(({ id }) => id === arrival.stepId);
      const node = step === undefined ? undefined : await context.nodes.findByName(step.node);
      if (step === undefined || node === undefined) continue;
      const succeeded = { run: progress.run, step, node };
      writes.push(...(await journal.patiently(() => witness.succeeds(succeeded), this.#closing.signal)));
    }
    return writes;
  }

  /** Records attempts at the steps that can begin now: their operation ids, and what is to be written beside them. */
  async #beginReady(): Promise<{ readonly begun: ReadonlySet<string>; readonly writes: readonly Write[] }> {
    const { progress, clock, concurrency, context } = this.#options;
    const { runId } = progress.run;
    const begun = new Set<string>();
    const writes: Write[] = [];
    for (const { step, record } of progress.ready(concurrency)) {
      const node = await context.nodes.findByName(step.node);
      if (node === undefined) {
        progress.refuse(step.id, nodeNotEnrolled(step.node).problem, clock.now());
        continue;
      }
      const witnessed = await this.#witnessBeginning({ run: progress.run, step, node });
      if (witnessed instanceof DroverError) {
        progress.refuse(step.id, { ...witnessed.problem, node: step.node }, clock.now());
        continue;
      }
      writes.push(...witnessed);
      const { nodeId, incarnation } = node;
      const id = operationId({ runId, stepId: step.id, nodeId, incarnation, attempt: record.attempts + 1 });
      progress.begin(step.id, id, clock.now());
      begun.add(id);
    }
    return { begun, writes };
  }

  /** What is to be written beside an attempt that begins, or why it must not. */
  async #witnessBeginning(attempt: WitnessedStep): Promise<readonly Write[] | DroverError> {
    const { journal, witness } = this.#options;
    try {
      return await journal.patiently(() => witness.begins(attempt), this.#closing.signal);
    } catch (error) {
      if (error instanceof DroverError) return error;
      throw error;
    }
  }

  /** False when the driver was closed meanwhile: then nothing of what was decided may be done. */
  async #commit(witnessed: readonly Write[]): Promise<boolean> {
    const { progress, journal } = this.#options;
    const { signal } = this.#closing;
    this.#isLogDue = false;
    this.#timers.clear('log');
    try {
      await journal.commit(progress.takeChanges(), { further: [...witnessed, ...this.#logs.take()], signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return !signal.aborted;
  }

  /** Makes the attempts that are recorded and not under way. What has not begun just now may have been sent before. */
  #makeAttempts(begun: ReadonlySet<string>): void {
    const { progress } = this.#options;
    const wasCancelled = progress.run.cancelRequestedAt !== undefined;
    for (const { step, record } of progress.active()) {
      const { operationId: id = '', attempts: number } = record;
      if (this.#attempts.has(id)) continue;
      const { runId } = progress.run;
      this.#attempts.begin({ runId, step, operationId: id, number, wasSent: !begun.has(id), wasCancelled });
    }
  }

  /** Time is an input: each wait that the run has ends in one. */
  #setTimers(): void {
    const { progress, clock, hold } = this.#options;
    for (const { record } of progress.delayed()) {
      const { stepId, operationId: id = '', waiting } = record;
      if (waiting === undefined) continue;
      const delayMs = remainingMs(waiting, clock.now());
      this.#timers.set(id, delayMs, () => this.#takeIn({ kind: 'due', stepId, operationId: id }));
    }
    if (!progress.isOpen) return;
    const { deadlineAt } = progress.run;
    const leftMs = Math.min(progress.budget.durationMs, Math.max(0, Date.parse(deadlineAt) - clock.now()));
    this.#timers.set(`deadline ${deadlineAt}`, leftMs, () => {
      // Once it is released it has the time back that it was held.
      if (hold.standing === undefined) this.#takeIn({ kind: 'deadline', deadlineAt });
    });
  }

  #takeIn(arrival: Arrival): void {
    this.#arrivals.push(arrival);
    this.#alarm.ring();
  }

  #takeLine({ step, number }: StepAttempt, { sequence, loggedAt, line }: AttemptLine): void {
    const at = isoAt(loggedAt);
    this.#logs.add({ stepId: step.id, node: step.node, at, line }, number, sequence);
    this.#timers.set('log', logDelayMs, () => {
      this.#isLogDue = true;
      this.#alarm.ring();
    });
  }

  async #somethingToDo(): Promise<void> {
    while (this.#arrivals.length === 0 && !this.#isLogDue && !this.#closing.signal.aborted) await this.#alarm.wait();
  }
}
