#!/usr/bin/env node
import { setTimeout as delay } from 'node:timers/promises';
import { runDrover } from './run-drover.ts';

const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort(new Error('interrupted')));

process.exitCode = await runDrover(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  isTerminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
  environment: process.env,
  now: () => Date.now(),
  sleep: (ms) => delay(ms),
  interrupted: interruption.signal,
});
