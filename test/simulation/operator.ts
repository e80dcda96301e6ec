import type { RunRecord } from '@drover/coordinator/simulation';
import { DroverError } from '@drover/core';
import type { Random } from './random.ts';
import type { Site } from './site.ts';

/** The person at the terminal: asks, and remembers what was promised. */
export class Operator {
  readonly #site: Site;
  readonly #random: Random;
  /** The cluster file was stored. */
  hasApplied = false;
  /** Runs whose start was answered. */
  readonly startedRuns = new Set<string>();
  #keys = 0;

  constructor(site: Site, random: Random) {
    this.#site = site;
    this.#random = random;
  }

  /** `drover apply`: the file, then a run; the same key until a run is answered. */
  async bringUp(key: string): Promise<void> {
    const { document } = this.#site;
    const { coordinator } = this.#site;
    if (coordinator === undefined) return;
    await this.#ask('apply', async () => {
      await coordinator.apply(document);
      this.hasApplied = true;
      const run = await coordinator.startRun(document.metadata.name, key);
      if (run !== undefined) this.startedRuns.add(run.runId);
      return run;
    });
  }

  /** Something that people do while a run is under way. */
  async meddle(): Promise<void> {
    const what = this.#random.pick(['pause', 'resume', 'retry', 'skip', 'cancel', 'second', 'twoAtOnce'] as const);
    const run = await this.#someRun();
    const engine = this.#site.coordinator?.engine;
    if (engine === undefined) return;
    if (what === 'second') return this.bringUp(this.#newKey());
    if (what === 'twoAtOnce')
      return void (await Promise.all([this.bringUp(this.#newKey()), this.bringUp(this.#newKey())]));
    if (run === undefined) return;
    const { runId } = run;
    switch (what) {
      case 'pause':
        return this.#ask(what, () => engine.pause(runId));
      case 'resume':
        return this.#ask(what, () => engine.resume(runId));
      case 'cancel':
        return this.#random.chance(0.3) ? this.#ask(what, () => engine.cancel(runId)) : undefined;
      case 'retry':
        return this.#ask(what, () => engine.retry(runId));
      case 'skip': {
        const stepId = await this.#someStep(runId);
        return this.#ask(`skip ${stepId}`, () =>
          engine.skip(runId, stepId, { reason: 'it is in the way', by: 'operator' }),
        );
      }
    }
  }

  /** No run is left paused. */
  async resumeAll(): Promise<void> {
    for (const { runId, state } of await this.#site.runs())
      if (state === 'paused') await this.#ask('resume', async () => this.#site.coordinator?.engine.resume(runId));
  }

  /** A coordinator that has learned of another one goes on when an administrator says so. */
  async confirm(): Promise<void> {
    const lineage = this.#site.coordinator?.lineage;
    const superseded = lineage?.superseded();
    if (lineage === undefined || superseded === undefined) return;
    await this.#ask(`confirm epoch ${superseded.shown.epoch}`, async () => {
      await lineage.confirm(superseded.shown.epoch);
      return undefined;
    });
  }

  async #ask(what: string, call: () => Promise<RunRecord | undefined>): Promise<void> {
    const { observer } = this.#site;
    observer.note('operator', what);
    try {
      const run = await call();
      observer.note('operator', `${what}: ${run?.state ?? 'no answer'} ${run?.runId.slice(-6) ?? ''}`);
    } catch (error) {
      if (!(error instanceof DroverError) || error.code === 'internal')
        observer.violate('I8', `${what} was answered with ${String(error)}`);
      else observer.note('operator', `${what}: ${error.code}: ${error.problem.reason}`);
    }
  }

  async #someRun(): Promise<RunRecord | undefined> {
    const runs = await this.#site.runs();
    return runs.length === 0 ? undefined : this.#random.pick(runs);
  }

  async #someStep(runId: string): Promise<string> {
    const steps = await this.#site.store.store.list(`steps/${runId}/`);
    const stopped = steps.filter(({ value }) => ['failed', 'blocked'].includes((value as { state: string }).state));
    return this.#random.pick(stopped.length > 0 ? stopped : steps).key.slice(`steps/${runId}/`.length);
  }

  #newKey(): string {
    this.#keys += 1;
    return `key-${this.#keys}`;
  }
}
