import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { systemClock } from '@drover/core';
import { outcomes } from '../operations/operation-outcome.ts';
import { runUnit } from '../units/run-unit.ts';
import { unitFolder } from '../units/unit-folder.ts';

// A unit whose operations do nothing: "set-hostname" is told in its parameter what to pretend. `hang` waits to be
// cancelled, `say-3` says three lines.
const path = process.argv[2] ?? '';
const folder = unitFolder(dirname(path), basename(path));
const { lingerMs } = JSON.parse(readFileSync(folder.settings, 'utf8')) as { readonly lingerMs: number };
await runUnit({
  ...{ folder, lingerMs, clock: systemClock, stop: new AbortController().signal },
  run: async ({ operationId, call }, { log, signal }) => {
    const startedAt = Date.now();
    const what = call.name === 'set-hostname' ? call.params.hostname : 'quick';
    for (let line = 1; line <= Number(/^say-(\d+)$/.exec(what)?.[1] ?? 0); line += 1) log(`line ${line}`);
    if (what === 'hang') log(`process ${process.pid}`);
    const ended = what === 'hang' ? await untilAborted(signal) : outcomes.completion(true, []);
    return { operationId, ...ended, startedAt, finishedAt: Date.now(), commandMs: 0 };
  },
});

function untilAborted(signal: AbortSignal) {
  return new Promise<ReturnType<typeof outcomes.failure>>((resolve) => {
    signal.addEventListener('abort', () => resolve(outcomes.failure(signal.reason, 'hang')));
  });
}
