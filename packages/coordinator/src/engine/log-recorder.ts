import type { Write } from '../store/store.ts';
import { runKeys } from './run-keys.ts';
import type { LogRecord } from './run-record.ts';

/** Lines that are kept of an attempt: the last ones. */
const maximumLines = 2_000;
const maximumLineLength = 4_096;

/** Collects the lines that a run's commands print, to be committed with what the run commits next. */
export class LogRecorder {
  readonly #runId: string;
  #pending = new Map<string, Write>();

  constructor(runId: string) {
    this.#runId = runId;
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0;
  }

  /** A line of an attempt; the agent counts them from 1. A line that comes again replaces itself. */
  add(record: LogRecord, attempt: number, sequence: number): void {
    const line = record.line.slice(0, maximumLineLength);
    const key = runKeys.log(this.#runId, record.stepId, attempt, sequence);
    this.#pending.set(key, { kind: 'put', key, value: { ...record, line } });
    if (sequence <= maximumLines) return;
    const oldest = runKeys.log(this.#runId, record.stepId, attempt, sequence - maximumLines);
    this.#pending.set(oldest, { kind: 'delete', key: oldest });
  }

  /** What has to be written, each line once. */
  take(): readonly Write[] {
    const writes = [...this.#pending.values()];
    this.#pending = new Map();
    return writes;
  }
}
