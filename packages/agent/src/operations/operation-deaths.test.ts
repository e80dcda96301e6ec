import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ManualClock, silentLogger } from '@drover/core';
import { createMemoryUnits, type MemoryUnits } from '../testing/memory-units.ts';
import { change, completion } from '../testing/operations-fixture.ts';
import { createRecordingSink } from '../testing/recording-sink.ts';
import { createOperations } from './create-operations.ts';
import { type Journal, openJournal } from './journal.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drover-deaths-'));
});
after(async () => {
  await rm(directory, { recursive: true });
});

/** Where something dies: at one of the agent's journal writes, or at the effect of the operation in its unit. */
interface Moment {
  readonly at: number | 'effect';
  readonly when: 'before' | 'after';
}

type Victim = 'agent' | 'unit' | 'both' | 'machine';

const moments: readonly Moment[] = ([1, 2, 3, 4, 'effect'] as const).flatMap((at) => [
  { at, when: 'before' },
  { at, when: 'after' },
]);

/** An agent and its unit, of which one, or both, or their machine die at one moment. */
function createMortals(path: string, victim: Victim, moment: Moment) {
  const clock = new ManualClock();
  const died = Promise.withResolvers<void>();
  const never = new Promise<never>(() => undefined);
  let hasHappened = false;
  let isAgentDead = false;
  let effects = 0;

  function strike(at: Moment['at'], when: Moment['when']): void {
    if (hasHappened || at !== moment.at || when !== moment.when) return;
    hasHappened = true;
    isAgentDead = victim !== 'unit';
    if (victim === 'unit' || victim === 'both') units.kill('op-1');
    if (victim === 'machine') units.restart();
    died.resolve();
  }

  const units: MemoryUnits = createMemoryUnits({
    clock,
    run: async ({ operationId }, _reports, killed) => {
      strike('effect', 'before');
      if (killed.aborted) return await never;
      effects += 1;
      strike('effect', 'after');
      return completion(operationId);
    },
  });

  async function mortalJournal(): Promise<Journal> {
    const journal = await openJournal(path);
    let writes = 0;
    return {
      ...journal,
      write: async (record) => {
        writes += 1;
        const write = writes;
        if (!isAgentDead) strike(write, 'before');
        if (isAgentDead) return await never;
        await journal.write(record);
        strike(write, 'after');
        if (isAgentDead) return await never;
      },
    };
  }
  return { clock, units, died: died.promise, mortalJournal, effects: () => effects };
}

for (const victim of ['agent', 'unit', 'both', 'machine'] as const) {
  for (const moment of moments) {
    const place = moment.at === 'effect' ? 'the effect' : `journal write ${moment.at}`;
    test(`a death of the ${victim} ${moment.when} ${place} leaves at most one effect, and one answer`, async () => {
      const path = await mkdtemp(join(directory, 'state-'));
      const { clock, units, died, mortalJournal, effects } = createMortals(path, victim, moment);
      const bootId = (life: number) => (victim === 'machine' ? `boot-${life}` : 'boot-1');
      const common = { clock, logger: silentLogger() };
      const journal = await mortalJournal();
      const earlier = await createOperations({ ...common, journal, units: units.open(), bootId: bootId(1) });
      const sink = createRecordingSink();
      void earlier.accept(change, sink);
      void sink.nextResult().then(() => earlier.acknowledge('op-1'));
      await died;

      const effectsBefore = effects();
      const again = victim === 'unit' ? sink : createRecordingSink();
      if (victim !== 'unit') {
        const open = { journal: await openJournal(path), units: units.open(), bootId: bootId(2) };
        const later = await createOperations({ ...common, ...open });
        // What the coordinator does: it asks for the operation, and sends it again when nobody knows it.
        if (!later.attach('op-1', again)) {
          assert.equal(effectsBefore, 0, 'an operation with an effect was forgotten');
          await later.accept(change, again);
        }
      }
      const result = await again.nextResult();
      assert.ok(effects() <= 1);
      assert.ok(result.outcome === 'completion' || result.failure?.code === 'operation-interrupted');
      if (result.outcome === 'completion') assert.equal(effects(), 1);
    });
  }
}
