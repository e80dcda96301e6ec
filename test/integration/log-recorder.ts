import type { Logger } from '@drover/core';

/** One log line, as it would be written. */
export interface LogLine {
  readonly level: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A logger that keeps what it is told. */
export interface LogRecorder {
  readonly logger: Logger;
  readonly lines: readonly LogLine[];
  /** Resolves with the first line, past or to come, that fits. */
  waitFor(fits: (line: LogLine) => boolean): Promise<LogLine>;
}

/** Makes one. */
export function recordLogs(): LogRecorder {
  const lines: LogLine[] = [];
  const waiters = new Set<() => void>();
  const create = (bound: Readonly<Record<string, unknown>>): Logger => {
    const record =
      (level: string) =>
      (fields: unknown, message?: unknown): void => {
        lines.push({ level, fields: { ...bound, ...(fields as object) }, message: String(message) });
        for (const waiter of waiters) waiter();
      };
    const logger = {
      child: (fields: Record<string, unknown>) => create({ ...bound, ...fields }),
      ...Object.fromEntries(['debug', 'info', 'warn', 'error', 'fatal'].map((level) => [level, record(level)])),
    };
    // The five methods come from the list above: the compiler cannot see their names.
    return logger as unknown as Logger;
  };
  return {
    logger: create({}),
    lines,
    waitFor: async (fits) => {
      const found = Promise.withResolvers<LogLine>();
      const look = (): void => {
        const line = lines.find(fits);
        if (line !== undefined) found.resolve(line);
      };
      waiters.add(look);
      look();
      const line = await found.promise;
      waiters.delete(look);
      return line;
    },
  };
}
