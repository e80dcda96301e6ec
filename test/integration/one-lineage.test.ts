import assert from 'node:assert/strict';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type CoordinatorMark,
  generateKeyPair,
  isCoordinatorMarkSigned,
  ManualClock,
  signCoordinatorMark,
  silentLogger,
} from '@drover/core';
import fc from 'fast-check';
import { createEpochGuard, type EpochGuard } from '../../packages/agent/src/session/epoch-guard.ts';
import { type Lineage, openLineage } from '../../packages/coordinator/src/lineage/lineage.ts';
import { createMemoryStore } from '../../packages/coordinator/src/store/memory-store.ts';
import type { Store } from '../../packages/coordinator/src/store/store.ts';

const { privateKey } = generateKeyPair();
const caKey = createPublicKey(privateKey);
const authority: Parameters<typeof openLineage>[0]['authority'] = {
  signMark: (mark) => signCoordinatorMark(mark, privateKey),
  isMarkSigned: (mark) => isCoordinatorMarkSigned(mark, caKey),
};

/** A coordinator over its store. */
interface Running {
  readonly store: Store;
  readonly lineage: Lineage;
}

interface Agent {
  readonly guard: EpochGuard;
  /** What it has obeyed, in order. */
  readonly obeyed: CoordinatorMark[];
}

/** Who looks at marks: each of the two is enough. */
interface Guards {
  readonly agents: boolean;
  readonly coordinators: boolean;
}

type Event = {
  readonly kind: 'connect' | 'heartbeat' | 'commit' | 'restart' | 'copy' | 'confirm';
  readonly coordinator: number;
  readonly agent: number;
};

const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom('connect', 'connect', 'connect', 'heartbeat', 'commit', 'restart', 'copy', 'confirm'),
  coordinator: fc.nat(3),
  agent: fc.nat(1),
});

/** Coordinators with one CA, over stores that were copied from one another, and agents that meet one after the other. */
class World {
  readonly coordinators: Running[] = [];
  readonly agents: readonly Agent[];
  readonly #present = new Map<Agent, Running>();
  readonly #guards: Guards;
  #starts = 0;

  constructor(directory: string, guards: Guards) {
    this.#guards = guards;
    this.agents = [0, 1].map((index) => ({
      guard: createEpochGuard(join(directory, `agent-${index}.json`)),
      obeyed: [],
    }));
  }

  async start(store: Store): Promise<Running> {
    const coordinatorId = `start-${(this.#starts += 1)}`;
    const clock = new ManualClock(0);
    return { store, lineage: await openLineage({ store, authority, coordinatorId, clock, logger: silentLogger() }) };
  }

  async happen({ kind, coordinator: which, agent: who }: Event): Promise<void> {
    const at = which % this.coordinators.length;
    const coordinator = this.coordinators[at] as Running;
    const agent = this.agents[who] as Agent;
    switch (kind) {
      case 'connect':
        return await this.#connect(agent, coordinator).catch(refusal);
      case 'heartbeat':
        return await this.#heartbeat(agent).catch(refusal);
      case 'commit':
        return void (await coordinator.store.commit([{ kind: 'put', key: 'work', value: which }]));
      case 'restart':
        return void (this.coordinators[at] = await this.start(coordinator.store));
      case 'copy':
        return void this.coordinators.push(await this.start(await copyOf(coordinator.store)));
      case 'confirm': {
        const shown = coordinator.lineage.superseded()?.shown;
        if (shown !== undefined) await coordinator.lineage.confirm(shown.epoch);
      }
    }
  }

  async #connect(agent: Agent, coordinator: Running): Promise<void> {
    this.#present.delete(agent);
    if (this.#guards.coordinators) await coordinator.lineage.meet('node', await agent.guard.known(caKey));
    await this.#obey(agent, await coordinator.lineage.mark());
    this.#present.set(agent, coordinator);
  }

  async #heartbeat(agent: Agent): Promise<void> {
    const coordinator = this.#present.get(agent);
    if (coordinator === undefined || coordinator.lineage.superseded() !== undefined) return;
    await this.#obey(agent, await coordinator.lineage.mark());
  }

  async #obey(agent: Agent, mark: Awaited<ReturnType<Lineage['mark']>>): Promise<void> {
    const accepting = agent.guard.accept(mark, caKey);
    // Without its guard an agent obeys whoever lets it in.
    await (this.#guards.agents ? accepting : accepting.catch(refusal));
    agent.obeyed.push(mark);
  }
}

function refusal(error: { readonly code?: string }): void {
  assert.equal(error.code, 'coordinator-superseded');
}

async function copyOf(store: Store): Promise<Store> {
  const copied = createMemoryStore();
  const writes = (await store.list('')).map(({ key, value }) => ({ kind: 'put', key, value }) as const);
  // Revisions are counted on from the same number.
  while ((await copied.revision()) < (await store.revision()) - 1)
    await copied.commit([{ kind: 'put', key: 'filler', value: 0 }]);
  await copied.commit([...writes, { kind: 'delete', key: 'filler' }]);
  return copied;
}

async function play(events: readonly Event[], guards: Guards): Promise<readonly Agent[]> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-lineage-'));
  try {
    const world = new World(directory, guards);
    world.coordinators.push(await world.start(createMemoryStore()));
    for (const each of events) await world.happen(each);
    return world.agents;
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Whether what an agent has obeyed never went back, and no epoch of it belonged to two. */
function isOneLine({ obeyed }: Agent): boolean {
  return obeyed.every((mark, index) => {
    const before = obeyed[index - 1];
    if (before === undefined || mark.epoch > before.epoch) return true;
    const isSame = mark.epoch === before.epoch && mark.coordinatorId === before.coordinatorId;
    return isSame && mark.revision >= before.revision;
  });
}

const histories = fc.array(event, { minLength: 10, maxLength: 30 });
const holds = (guards: Guards, numRuns: number) =>
  fc.check(
    fc.asyncProperty(histories, async (events) => (await play(events, guards)).every(isOneLine)),
    { numRuns, endOnFailure: true },
  );

test('however coordinators are copied, restarted and confirmed, no agent obeys two of one epoch, and none goes back', async () => {
  const both = await holds({ agents: true, coordinators: true }, 20);
  assert.equal(both.failed, false, JSON.stringify(both.counterexample));
});

test('the agents see to it alone, and so do the coordinators', async () => {
  for (const guards of [
    { agents: true, coordinators: false },
    { agents: false, coordinators: true },
  ]) {
    const one = await holds(guards, 20);
    assert.equal(one.failed, false, JSON.stringify([guards, one.counterexample]));
  }
});

test('without either, an agent goes back', async () => {
  assert.equal((await holds({ agents: false, coordinators: false }, 400)).failed, true);
});
