import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exampleCluster } from '../testing/example-cluster.ts';
import { fakeNodeRecord } from '../testing/fake-agents.ts';
import { createRejoinBench, type RejoinBench } from '../testing/rejoin-bench.ts';
import { keepMemory, type RejoinMemory, rejoinMemoryKey } from './rejoin-memory.ts';

const workers = ['worker-1', 'worker-2'] as const;

type Happening =
  | { readonly kind: 'reimage' | 'leave' | 'return'; readonly node: (typeof workers)[number] }
  | { readonly kind: 'restart' }
  | { readonly kind: 'pass'; readonly seconds: number };

const node = fc.constantFrom(...workers);
const histories: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('reimage' as const), node }),
    fc.record({ kind: fc.constantFrom('leave' as const, 'return' as const), node }),
    fc.record({ kind: fc.constant('restart' as const) }),
    fc.record({ kind: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 15 }) }),
  ),
  { minLength: 2, maxLength: 12 },
);

/** A cluster in which each worker has a label that somebody put on it by hand. */
async function setUp(): Promise<RejoinBench> {
  const bench = await createRejoinBench(await exampleCluster());
  for (const name of workers) {
    const present = bench.nodes.get(name);
    assert.ok(present);
    bench.nodes.set(name, { ...present, labels: { hand: name } });
  }
  return bench;
}

async function happen(bench: RejoinBench, happening: Happening): Promise<void> {
  const { agents } = bench.fixture;
  switch (happening.kind) {
    case 'reimage':
      return await bench.reimage(happening.node);
    case 'leave':
      return agents.setConnected(happening.node, false);
    case 'return':
      return agents.setConnected(happening.node, true);
    case 'restart':
      return await bench.restart();
    case 'pass':
      return await bench.pass(happening.seconds * 1_000);
  }
}

/** Lets everything come to its end, and says what is wrong then. */
async function faultsAtTheEnd(bench: RejoinBench, reimaged: ReadonlySet<string>): Promise<readonly string[]> {
  for (const name of workers) bench.fixture.agents.setConnected(name, true);
  await bench.pass(6 * 60_000);
  const faults = [...bench.violations];
  for (const name of reimaged) {
    const record = await bench.record(name);
    if (record?.state !== 'done') faults.push(`${name} is ${record?.state}: ${record?.problem?.code}`);
    if (bench.nodes.get(name)?.labels['hand'] !== name) faults.push(`${name} lost its label`);
  }
  if (bench.done.some((each) => each.endsWith('init-control-plane'))) faults.push('the cluster was initialised');
  return faults;
}

const reimagedIn = (history: readonly Happening[]): ReadonlySet<string> =>
  new Set(history.flatMap((each) => (each.kind === 'reimage' ? [each.node] : [])));

test('whatever happens meanwhile, each worker that was installed anew comes back once and as it was', async () => {
  await fc.assert(
    fc.asyncProperty(histories, async (history) => {
      const bench = await setUp();
      try {
        for (const each of history) await happen(bench, each);
        assert.deepEqual(await faultsAtTheEnd(bench, reimagedIn(history)), []);
      } finally {
        await bench.close();
      }
    }),
    { numRuns: 12 },
  );
});

test('without what a rejoin remembers, a second reimage in the middle loses what people put on the node', async () => {
  const bench = await setUp();
  bench.hinder = ({ name }) => (name === 'join-node' ? new Promise(() => undefined) : undefined);
  await bench.reimage('worker-1');
  await bench.pass(10_000);
  bench.hinder = undefined;
  const key = rejoinMemoryKey(fakeNodeRecord('worker-1').nodeId);
  const memory = (await bench.store.get(key))?.value as RejoinMemory;
  await bench.store.commit([keepMemory({ ...memory, metadata: { ...memory.metadata, labels: {} } })]);
  await bench.reimage('worker-1');
  const faults = await faultsAtTheEnd(bench, new Set(['worker-1']));
  assert.deepEqual(
    faults.filter((fault) => fault.includes('label')),
    ['worker-1 lost its label'],
  );
  await bench.close();
});
