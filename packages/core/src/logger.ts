import { type Logger as PinoLogger, pino } from 'pino';

/** One event per line of JSON: a constant message and fields. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(fields: Record<string, unknown>): Logger;
};

/** A logger on standard output (journald's input), synchronous so that the last line before a crash is there. */
export function createLogger(options: { readonly name: string; readonly level: string }): Logger {
  return pino({ name: options.name, level: options.level, base: null }, pino.destination({ fd: 1, sync: true }));
}

/** A logger that says nothing, for tests. */
export function silentLogger(): Logger {
  return pino({ level: 'silent' });
}
