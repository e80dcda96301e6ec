import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ManualClock, silentLogger } from '@drover/core';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { ClaimRecord } from './claim-record.ts';
import { type Liveness, lookForIncumbent } from './liveness.ts';
import { createLeaseReader } from './read-lease.ts';

const start = Date.UTC(2030, 0, 1);
const at = (ms: number): string => new Date(start + ms).toISOString();
const leaseOf = (renewedMs: number, bootId = 'boot-1') => ({
  lease: async () => ({ renewedAt: at(renewedMs), bootId }),
});
const node: NodeRecord = {
  ...{ nodeId: 'node-1', name: 'worker-1', incarnation: 1, createdAt: at(-1e9) },
  identity: { publicKey: 'key', certificate: '', enrolledAt: at(-1e9) },
};

async function look(
  liveness: Partial<Liveness>,
  options: {
    readonly now?: number;
    readonly lease?: NonNullable<ClaimRecord['lease']>;
    readonly node?: NodeRecord;
    readonly ownBootId?: string;
  } = {},
) {
  const silent: Liveness = {
    answersNow: async () => false,
    hasConnected: () => false,
    lease: async () => undefined,
  };
  const { lease, ownBootId } = options;
  const claim = lease === undefined ? undefined : { lease };
  return await lookForIncumbent(options.node ?? node, claim, {
    liveness: { ...silent, ...liveness },
    clock: new ManualClock(start + (options.now ?? 0)),
    ownBootId,
  });
}

suite('whether an incumbent is alive', () => {
  test('is told by an answer, and silence alone is silence', async () => {
    assert.equal((await look({ answersNow: async () => true })).incumbent, 'alive');
    assert.equal((await look({})).incumbent, 'silent');
  });

  test('cannot be told of a machine that was let in a moment ago and has not connected yet', async () => {
    const identity = { publicKey: 'key', certificate: '', enrolledAt: at(-1000) };
    const young = { ...node, identity };
    assert.equal((await look({}, { node: young })).incumbent, 'unsure');
    assert.equal((await look({ hasConnected: () => true }, { node: young })).incumbent, 'silent');
    assert.equal((await look({}, { node: young, now: 31_000 })).incumbent, 'silent');
  });

  test('is told by two looks at its Lease: one that is renewed in between lives, one that is not is dead', async () => {
    const renewed = leaseOf(-5_000);
    const first = await look(renewed);
    assert.equal(first.incumbent, 'unsure');
    assert.equal(first.reason, `its kubelet renewed its Lease at ${at(-5_000)}, and is watched until ${at(15_000)}`);
    const lease = first.lease ?? assert.fail('nothing is remembered');
    assert.equal((await look(renewed, { lease, now: 10_000 })).incumbent, 'unsure');
    assert.equal((await look(renewed, { lease, now: 15_000 })).incumbent, 'silent');
    assert.equal((await look(leaseOf(5_000), { lease, now: 10_000 })).incumbent, 'alive');
  });

  test('is told so of a kubelet whose clock is wrong by two years', async () => {
    const yearsMs = 2 * 365 * 24 * 3_600_000;
    const ahead = leaseOf(yearsMs);
    const { lease = assert.fail('nothing is remembered') } = await look(ahead);
    assert.equal((await look(ahead, { lease, now: 15_000 })).incumbent, 'silent');
    assert.equal((await look(leaseOf(yearsMs + 1), { lease, now: 9_000 })).incumbent, 'alive');
  });

  test('is not told by the Lease that a kubelet renews on the newcomer itself', async () => {
    const { lease = assert.fail('nothing is remembered') } = await look(leaseOf(0, 'boot-1'));
    const later = { lease, now: 30_000 };
    const renewed = leaseOf(29_000, 'boot-2');
    assert.equal((await look(renewed, { ...later, ownBootId: 'boot-2' })).incumbent, 'silent');
    assert.equal((await look(renewed, { ...later, ownBootId: 'boot-3' })).incumbent, 'alive');
    assert.equal((await look(renewed, later)).incumbent, 'alive');
    // What is not known is nobody's.
    assert.equal((await look(leaseOf(29_000, ''), { ...later, ownBootId: '' })).incumbent, 'alive');
    const answering = { ...renewed, answersNow: async () => true };
    assert.equal((await look(answering, { ...later, ownBootId: 'boot-2' })).incumbent, 'alive');
  });
});

test('a Lease that nobody can be asked for is none', async () => {
  // Of a cluster, only what is read here.
  const cluster = { name: 'lab', spec: { nodes: [{ name: 'worker-1' }] } } as unknown as ClusterRecord;
  const options = { clusters: { list: async () => [cluster] }, logger: silentLogger() };
  const shown = { nodes: [{ name: 'worker-1', bootId: 'boot-1', leaseRenewedAt: at(0) }] };
  assert.deepEqual(await createLeaseReader({ ...options, observe: async () => shown })('worker-1'), {
    renewedAt: at(0),
    bootId: 'boot-1',
  });
  assert.equal(await createLeaseReader({ ...options, observe: async () => shown })('worker-2'), undefined);
  const away = async (): Promise<never> => {
    throw new Error('away');
  };
  assert.equal(await createLeaseReader({ ...options, observe: away })('worker-1'), undefined);
});
