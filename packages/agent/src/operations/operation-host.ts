import { type Clock, createSteadyClock } from '@drover/core';
import type { Command, CommandResult, Host } from '../host/host.ts';

/** A host for one operation. */
export interface OperationHost {
  readonly host: Host;
  /**
   * The clock for the action: pausing on it is waiting for the machine on purpose, and counts as a command does. Setting the
   * machine's own ends none of the action's waits before their time.
   */
  readonly clock: Clock;
  /** Milliseconds during which at least one command or pause ran: those side by side count once. */
  readonly commandMs: () => number;
}

/** Binds every command of a host to the operation's signal, and measures the time that commands and pauses take. */
export function createOperationHost(host: Host, options: { clock: Clock; signal: AbortSignal }): OperationHost {
  const { clock, signal } = options;
  let running = 0;
  let busySince = 0;
  let busyMs = 0;

  async function measure<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running === 0) busySince = clock.monotonic();
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      if (running === 0) busyMs += clock.monotonic() - busySince;
    }
  }

  function execute(command: Command, run: Host['run']): Promise<CommandResult> {
    const bound = command.signal === undefined ? signal : AbortSignal.any([command.signal, signal]);
    return measure(() => run({ ...command, signal: bound }));
  }

  return {
    host: {
      kind: host.kind,
      readFile: (path) => host.readFile(path),
      listDirectory: (path) => host.listDirectory(path),
      status: (path) => host.status(path),
      readLink: (path) => host.readLink(path),
      peers: host.peers,
      writeFile: (path, content, writeOptions) => host.writeFile(path, content, writeOptions),
      removeFile: (path) => host.removeFile(path),
      query: (command) => execute(command, (bound) => host.query(bound)),
      run: (command) => execute(command, (bound) => host.run(bound)),
    },
    clock: {
      ...createSteadyClock(clock),
      sleep: (durationMs, sleepSignal) => measure(() => clock.sleep(durationMs, sleepSignal)),
    },
    commandMs: () => busyMs + (running > 0 ? clock.monotonic() - busySince : 0),
  };
}
