import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { createEpochGuard } from './epoch-guard.ts';

async function guardFile(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-epoch-'));
  t.after(() => rm(directory, { recursive: true }));
  return join(directory, 'coordinator.json');
}

test('whatever comes, what is obeyed never gets older, over restarts of the agent too', async (t) => {
  const path = await guardFile(t);
  const instance = fc.record({ epoch: fc.integer({ min: 1, max: 5 }), coordinatorId: fc.constantFrom('a', 'b') });
  await fc.assert(
    fc.asyncProperty(fc.array(instance, { maxLength: 8 }), async (coordinators) => {
      await rm(path, { force: true });
      let obeyed: { readonly epoch: number; readonly coordinatorId: string } | undefined;
      for (const coordinator of coordinators) {
        const isAccepted = await createEpochGuard(path)
          .accept(coordinator)
          .then(() => true)
          .catch(() => false);
        const isSame = obeyed?.epoch === coordinator.epoch && obeyed.coordinatorId === coordinator.coordinatorId;
        assert.equal(isAccepted, obeyed === undefined || coordinator.epoch > obeyed.epoch || isSame);
        if (isAccepted) obeyed = coordinator;
      }
    }),
    { numRuns: 40 },
  );
});

test('a file that cannot be read is no reason to obey anyone', async (t) => {
  const path = await guardFile(t);
  await writeFile(path, '{"epoch": "many"}');
  const accepting = createEpochGuard(path).accept({ epoch: 9, coordinatorId: 'a' });
  await assert.rejects(accepting, { code: 'file-unreadable' });
});
