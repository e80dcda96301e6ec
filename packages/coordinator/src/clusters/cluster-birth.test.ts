import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ManualClock } from '@drover/core';
import { createMemoryStore } from '../store/memory-store.ts';
import { type ClusterBirth, createClusterBirths, describeBirth } from './cluster-birth.ts';

const place = { node: 'control-plane-1', nodeId: 'node-1', incarnation: 1 };

function fixture() {
  const store = createMemoryStore();
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
  const births = createClusterBirths({ store, clock });
  const read = async (): Promise<ClusterBirth | undefined> => (await births.get('lab')).birth;
  return { store, clock, births, read };
}

suite('the birth of a cluster', () => {
  test('is recorded before its init is sent, and confirmed once it has succeeded', async () => {
    const { store, clock, births, read } = fixture();
    await store.commit(await births.begin('lab', place, 'run-1'));
    const sent = await read();
    assert.deepEqual(sent, { cluster: 'lab', ...place, at: '2026-01-01T00:00:00.000Z', runId: 'run-1' });
    assert.equal(describeBirth(sent), 'initialised on control-plane-1 at 2026-01-01T00:00:00.000Z');
    await clock.advance(1_000);
    await store.commit(await births.confirm('lab', place, 'run-1'));
    assert.deepEqual(await read(), { ...sent, confirmedAt: '2026-01-01T00:00:01.000Z' });
    assert.deepEqual(await births.confirm('lab', place, 'run-1'), []);
  });

  test('lets the init be sent again to that installation, and to no other', async () => {
    const { store, births } = fixture();
    await store.commit(await births.begin('lab', place, 'run-1'));
    assert.deepEqual(await births.begin('lab', place, 'run-2'), []);
    for (const other of [{ incarnation: 2 }, { node: 'control-plane-2', nodeId: 'node-2' }]) {
      await assert.rejects(births.begin('lab', { ...place, ...other }, 'run-2'), { code: 'control-plane-lost' });
    }
  });

  test('is learnt from a control plane that is seen, with its CA, and not learnt twice', async () => {
    const { births, read } = fixture();
    const learned = await births.learn('lab', await births.get('lab'), { ...place, caHash: 'sha256:aa' });
    assert.equal(learned.birth?.caHash, 'sha256:aa');
    assert.equal(describeBirth(learned.birth), 'found at work on control-plane-1 at 2026-01-01T00:00:00.000Z');
    assert.deepEqual(await read(), learned.birth);
    assert.equal(await births.learn('lab', learned, { ...place, node: 'other', caHash: 'sha256:bb' }), learned);
  });

  test('is not learnt from while its init may be under way: what never answered is begun anew with another CA', async () => {
    const { store, births, read } = fixture();
    await store.commit(await births.begin('lab', place, 'run-1'));
    const open = await births.get('lab');
    assert.equal(await births.learn('lab', open, { ...place, caHash: 'sha256:stillborn' }), open);
    await store.commit(await births.confirm('lab', place, 'run-1'));
    await births.learn('lab', await births.get('lab'), { ...place, caHash: 'sha256:aa' });
    assert.equal((await read())?.caHash, 'sha256:aa');
  });

  test('that changed since it was read is not overwritten', async () => {
    const { store, births, read } = fixture();
    const before = await births.get('lab');
    await store.commit(await births.confirm('lab', place, 'run-1'));
    const seen = { ...place, caHash: 'sha256:aa' };
    await assert.rejects(births.learn('lab', before, seen), { code: 'plan-changed' });
    assert.equal((await read())?.caHash, undefined);
  });
});
