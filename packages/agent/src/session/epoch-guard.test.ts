import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CoordinatorMark, generateKeyPair, signCoordinatorMark } from '@drover/core';
import fc from 'fast-check';
import { createEpochGuard } from './epoch-guard.ts';

const { privateKey } = generateKeyPair();
const caKey = createPublicKey(privateKey);
const signed = (mark: CoordinatorMark) => signCoordinatorMark(mark, privateKey);

async function guardFile(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-epoch-'));
  t.after(() => rm(directory, { recursive: true }));
  return join(directory, 'known-coordinator.json');
}

test('whatever comes, what is obeyed never gets older, over restarts of the agent too', async (t) => {
  const path = await guardFile(t);
  const instance = fc.record({
    epoch: fc.integer({ min: 1, max: 5 }),
    coordinatorId: fc.constantFrom('a', 'b'),
    revision: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(instance, { maxLength: 8 }), async (coordinators) => {
      await rm(path, { force: true });
      let obeyed: CoordinatorMark | undefined;
      for (const coordinator of coordinators) {
        const isAccepted = await createEpochGuard(path)
          .accept(signed(coordinator), caKey)
          .then(() => true)
          .catch(() => false);
        const isSame = obeyed?.epoch === coordinator.epoch && obeyed.coordinatorId === coordinator.coordinatorId;
        const isNewer = obeyed === undefined || coordinator.epoch > obeyed.epoch;
        assert.equal(isAccepted, isNewer || (isSame && coordinator.revision >= (obeyed?.revision ?? 0)));
        if (isAccepted) obeyed = coordinator;
      }
      const known = await createEpochGuard(path).known(caKey);
      assert.deepEqual(known && { ...known, signature: undefined }, obeyed && { ...obeyed, signature: undefined });
    }),
    { numRuns: 40 },
  );
});

test('what is shown again is what the coordinator has signed', async (t) => {
  const guard = createEpochGuard(await guardFile(t));
  const mark = signed({ epoch: 2, coordinatorId: 'a', revision: 9 });
  await guard.accept(mark, caKey);
  assert.deepEqual(await guard.known(caKey), mark);
});

test('a coordinator that cannot prove which one it is is not obeyed, and not remembered', async (t) => {
  const guard = createEpochGuard(await guardFile(t));
  const forged = { ...signed({ epoch: 2, coordinatorId: 'a', revision: 9 }), epoch: 9 };
  await assert.rejects(guard.accept(forged, caKey), { code: 'coordinator-unproven' });
  assert.equal(await guard.known(caKey), undefined);
});

test('an agent that enrols elsewhere begins anew there', async (t) => {
  const guard = createEpochGuard(await guardFile(t));
  await guard.accept(signed({ epoch: 9, coordinatorId: 'a', revision: 9 }), caKey);
  const other = generateKeyPair();
  const otherCa = createPublicKey(other.privateKey);
  assert.equal(await guard.known(otherCa), undefined);
  await guard.accept(signCoordinatorMark({ epoch: 1, coordinatorId: 'b', revision: 1 }, other.privateKey), otherCa);
  assert.equal((await guard.known(otherCa))?.epoch, 1);
});

test('marks that come at once are accepted one after the other: a late one of an old session undoes nothing', async (t) => {
  const path = await guardFile(t);
  for (let round = 0; round < 20; round += 1) {
    await rm(path, { force: true });
    const guard = createEpochGuard(path);
    const accepting = [2, 1].map((epoch) => guard.accept(signed({ epoch, coordinatorId: 'a', revision: 1 }), caKey));
    const [newer, older] = await Promise.allSettled(accepting);
    assert.deepEqual([newer?.status, older?.status], ['fulfilled', 'rejected']);
    assert.equal((await guard.known(caKey))?.epoch, 2);
  }
});

test('a mark that says nothing new is not written again', async (t) => {
  const path = await guardFile(t);
  const guard = createEpochGuard(path);
  const mark = { epoch: 2, coordinatorId: 'a', revision: 9 };
  await guard.accept(signed(mark), caKey);
  const written = await readFile(path, 'utf8');
  // Another signature of the same mark: what is written would differ.
  await guard.accept(signed(mark), caKey);
  assert.equal(await readFile(path, 'utf8'), written);
});

test('a file that cannot be read is no reason to obey anyone', async (t) => {
  const path = await guardFile(t);
  await writeFile(path, '{"epoch": "many"}');
  const accepting = createEpochGuard(path).accept(signed({ epoch: 9, coordinatorId: 'a', revision: 1 }), caKey);
  await assert.rejects(accepting, { code: 'file-unreadable' });
});
