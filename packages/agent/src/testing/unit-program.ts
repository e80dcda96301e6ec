import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { systemClock } from '@drover/core';
import { runUnit } from '../units/run-unit.ts';
import { unitFolder } from '../units/unit-folder.ts';
import { pretendOperation } from './pretend-operation.ts';

// A unit whose operations do nothing.
const path = process.argv[2] ?? '';
const folder = unitFolder(dirname(path), basename(path));
const { lingerMs } = JSON.parse(readFileSync(folder.settings, 'utf8')) as { readonly lingerMs: number };
await runUnit({
  ...{ folder, lingerMs, clock: systemClock, stop: new AbortController().signal },
  run: (request, reports) => pretendOperation(request, reports, systemClock),
});
