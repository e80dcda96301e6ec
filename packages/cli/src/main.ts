#!/usr/bin/env node
import { setTimeout as delay } from 'node:timers/promises';
import { exitCodes } from './exit-codes.ts';
import { runDrover } from './run-drover.ts';

const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort(new Error('interrupted')));

// A reader that has seen enough, as `head` has, closes the pipe: that is no fault.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(exitCodes.ok);
  });
}

process.exitCode = await runDrover(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTerminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
  hasColours: process.stdout.isTTY && process.env['TERM'] !== 'dumb' && (process.env['NO_COLOR'] ?? '') === '',
  environment: process.env,
  now: () => Date.now(),
  sleep: (ms) => delay(ms),
  interrupted: interruption.signal,
});
