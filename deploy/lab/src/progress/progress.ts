import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '@drover/core';
import { formatElapsed } from './format-elapsed.ts';

/** One part of a long command, shown as one line until it is done or has failed. */
export interface ProgressPart {
  /** Says what the part is doing now; replaces the previous note. */
  note(detail: string): void;
  /** Ends the part well. Calls after the first end of a part are ignored. */
  done(detail?: string): void;
  /** Ends the part badly; the first line of the error's message is shown. */
  fail(error: unknown): void;
}

/** Where a long command says how far it is. */
export interface Progress {
  /** Starts a part. `estimateMs` is what the part usually takes, shown beside the elapsed time. */
  part(name: string, options: { readonly estimateMs: number }): ProgressPart;
}

/** The time and the timer of a progress display; a test drives both by hand. */
export interface ProgressClock {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls `tick` every `intervalMs` until the returned function is called. */
  every(intervalMs: number, tick: () => void): () => void;
}

/** What `createProgress` writes to and reads the time from. */
export interface ProgressOptions {
  readonly stream: NodeJS.WritableStream;
  /** True redraws the running parts in place; false prints a plain line every five seconds. */
  readonly isTerminal: boolean;
  /** Every line is appended here too, with the full output of commands from `runLogged`. */
  readonly logFile: string;
  readonly clock: ProgressClock;
}

interface RunningPart {
  readonly name: string;
  readonly startedAtMs: number;
  readonly estimateMs: number;
  detail: string;
}

const plainIntervalMs = 5_000;
const terminalIntervalMs = 250;
const eraseLine = '\u001b[1A\u001b[2K';

/**
 * Shows parts that run side by side: a line when a part ends, and the parts that still run at least every five seconds.
 * Call `close` at the end: it stops the timer and clears what a terminal still shows of running parts.
 */
export function createProgress(options: ProgressOptions): Progress & { close(): void } {
  const { stream, isTerminal, logFile, clock } = options;
  const running = new Set<RunningPart>();
  let linesDrawn = 0;
  let lastPrintedAtMs = clock.now();
  mkdirSync(dirname(logFile), { recursive: true });

  const erase = (): string => {
    const codes = eraseLine.repeat(linesDrawn);
    linesDrawn = 0;
    return codes;
  };
  const drawRunning = (): string => {
    linesDrawn = running.size;
    return [...running].map((part) => `${describe(part, clock.now())}\n`).join('');
  };
  const print = (line: string): void => {
    lastPrintedAtMs = clock.now();
    appendFileSync(logFile, `${line}\n`);
    stream.write(isTerminal ? `${erase()}${line}\n${drawRunning()}` : `${line}\n`);
  };
  const tick = (): void => {
    if (isTerminal) stream.write(erase() + drawRunning());
    else if (running.size > 0 && clock.now() - lastPrintedAtMs >= plainIntervalMs) {
      print([...running].map((part) => describe(part, clock.now())).join('\n'));
    }
  };
  const stopTicking = clock.every(isTerminal ? terminalIntervalMs : plainIntervalMs / 5, tick);

  return {
    part(name, { estimateMs }) {
      const part: RunningPart = { name, startedAtMs: clock.now(), estimateMs, detail: '' };
      running.add(part);
      if (isTerminal) tick();
      const end = (mark: string, detail: string): void => {
        if (!running.delete(part)) return;
        print(`${mark} ${columns(name, formatElapsed(clock.now() - part.startedAtMs))}${detail ? `  ${detail}` : ''}`);
      };
      return {
        note: (detail) => {
          part.detail = detail;
        },
        done: (detail = '') => end('✓', detail),
        // Its first line: the whole of it is the caller's to tell.
        fail: (error) => end('✗', messageOf(error).split('\n', 1).join('').slice(0, 160)),
      };
    },
    close() {
      stopTicking();
      if (isTerminal) stream.write(erase());
    },
  };
}

function describe(part: RunningPart, nowMs: number): string {
  const elapsed = `${formatElapsed(nowMs - part.startedAtMs)} of about ${formatElapsed(part.estimateMs)}`;
  return `… ${columns(part.name, elapsed)}${part.detail ? `  ${part.detail.slice(0, 60)}` : ''}`;
}

function columns(name: string, elapsed: string): string {
  return `${name.padEnd(34)} ${elapsed}`;
}
