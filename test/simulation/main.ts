// Deterministic simulation of a coordinator and its agents: npm run sim -- [--seeds N] [--seed N --trace]
import { parseArgs } from 'node:util';
import { readClusterFile } from './cluster-file.ts';
import { type GuardName, guardsWithout } from './guards.ts';
import { createIdentities } from './identities.ts';
import { simulate } from './simulate.ts';
import { beginningMs } from './site.ts';
import { createWire } from './wire.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    first: { type: 'string', default: '1' },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    without: { type: 'string' },
  },
});
Error.stackTraceLimit = values.seed === undefined ? 0 : 10;
const document = await readClusterFile(2);
const clock = { now: () => beginningMs, sleep: async () => undefined };
const identities = await createIdentities(
  document.spec.nodes.map(({ name }) => name),
  clock,
);
const wire = createWire();
const guards = guardsWithout(values.without as GuardName | undefined);
const first = Number(values.seed ?? values.first);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const began = performance.now();
const ends = new Map<string, number>();
for (let seed = first; seed < first + count; seed += 1) {
  const result = await simulate({ seed, document, identities, guards, wire });
  if (values.trace) console.log(result.trace.join('\n'));
  if (values.trace || process.env['ENDS']) console.log(`seed ${seed}`, result.ends);
  for (const end of result.ends.map((each) => each.split(':')[0] ?? '')) ends.set(end, (ends.get(end) ?? 0) + 1);
  for (const { invariant, what } of result.violations) console.log(`seed ${seed}: ${invariant}: ${what}`);
  if (count === 1) console.log(result.hash, result.ends);
}
console.log(
  Object.fromEntries(ends),
  `${Math.round(performance.now() - began)} ms, ${process.cpuUsage().user / 1000 / count} ms per seed`,
);
