import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasEnded, type RejoinRecord } from '@drover/coordinator/simulation';
import { calm } from './faults.ts';
import { guardsWithout } from './guards.ts';
import { endHistory, type History } from './history.ts';
import { Operator } from './operator.ts';
import type { SimulatedNode } from './simulated-node.ts';
import { Site } from './site.ts';
import { createSurroundings } from './surroundings.ts';

Error.stackTraceLimit = 0;
const surroundings = await createSurroundings();
const worker = 'worker-1';
/** What somebody has put on the Node by hand. */
const byHand = { rack: '7' };

/** A cluster that is up, whose worker is installed anew, once or twice, among deaths of everything; then quiet. */
async function simulateRejoin(seed: number, keepsRejoins = true): Promise<History> {
  const site = new Site({
    ...surroundings,
    guards: guardsWithout(),
    seed: `rejoin ${seed}`,
    pace: 6,
    keepsRejoins,
  });
  const operator = new Operator(site, site.random.fork('operator'));
  await site.start();
  await bringUp(site, operator);
  const node = site.nodes.find(({ name }) => name === worker);
  assert.ok(node);
  const former = label(site);
  const random = site.random.fork('reimages');
  const again = (delayMs: number, what: () => void): void => site.time.after(delayMs, what);
  const reimage = (): void => {
    void site.reimage(node).then(() => again(random.between(2_000, 20_000), () => node.start()));
  };
  const quietAt = site.time.now + 90_000;
  reimage();
  if (random.chance(0.5)) again(random.between(25_000, 80_000), reimage);
  for (let strikes = random.between(0, 6); strikes > 0; strikes -= 1)
    again(random.between(1_000, 85_000), () => strike(site, node, random.between(0, 3)));
  await site.time.passUntil(quietAt);
  calm(site);
  await untilRejoined(site, node, quietAt + 600_000);
  const present = site.world.cluster()?.nodes[worker];
  if (present?.uid === former) site.observer.violate('I11', `${worker} is back with the uid of its former Node`);
  if (present?.labels['rack'] !== byHand.rack) site.observer.violate('I7', `${worker} has lost what was put on it`);
  return await endHistory(site);
}

async function bringUp(site: Site, operator: Operator): Promise<void> {
  for (let second = 0; second < 300; second += 1) {
    if (operator.startedRuns.size === 0) void operator.bringUp('the first');
    await site.time.passUntil(site.time.now + 1_000);
    const runs = await site.runs();
    if (runs.length > 0 && runs.every(hasEnded))
      return assert.deepEqual(
        runs.map(({ state }) => state),
        ['succeeded'],
      );
  }
  assert.fail('the cluster was not brought up');
}

/** Puts something on the worker's Node, whose uid it gives. */
function label(site: Site): string {
  return site.world.change((cluster) => {
    const node = cluster?.nodes[worker];
    assert.ok(cluster !== null && node !== undefined);
    const labelled = { ...node, labels: { ...node.labels, ...byHand } };
    return { cluster: { ...cluster, nodes: { ...cluster.nodes, [worker]: labelled } }, answer: node.uid };
  });
}

function strike(site: Site, node: SimulatedNode, which: number): void {
  site.observer.note('fault', `strike ${which}`);
  const back = (what: () => void): void => site.time.after(3_000, what);
  if (which === 0) {
    site.killCoordinator();
    back(() => site.startCoordinator());
  } else if (which === 1) {
    node.killAgent();
    back(() => node.start());
  } else if (which === 2) for (const each of site.nodes) each.killUnits();
  else site.network.cut(node.name);
}

async function untilRejoined(site: Site, { identity }: SimulatedNode, deadlineMs: number): Promise<void> {
  const read = async () =>
    (await site.store.store.get(`rejoins/${identity.nodeId}`))?.value as RejoinRecord | undefined;
  while (site.time.now < deadlineMs) {
    await site.time.passUntil(site.time.now + 1_000);
    const record = await read();
    if (record?.state === 'done' && record.incarnation === identity.incarnation) return;
    // A person reads why, and has it tried again: nobody else does.
    if (record?.state === 'blocked' && record.runId !== undefined)
      await site.coordinator?.engine.retry(record.runId).catch(() => undefined);
  }
  const record = await read();
  site.observer.violate(
    'I8',
    `the rejoin is ${record?.state} at the end: ${record?.problem?.code} ${record?.problem?.reason}`,
  );
}

test('a worker that is installed anew is back in twenty histories, as it was and as another Node', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { violations } = await simulateRejoin(seed);
    assert.deepEqual(violations, [], `seed ${seed}`);
  }
});

test('without anybody who looks after rejoins the worker stays away', async () => {
  const { violations } = await simulateRejoin(1, false);
  assert.ok(violations.some(({ invariant, what }) => invariant === 'I8' && what.includes('is due at the end')));
});
