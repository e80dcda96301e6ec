import type { Operator } from './operator.ts';
import type { Random } from './random.ts';
import type { SimulatedNode } from './simulated-node.ts';
import type { SimulatedStore } from './simulated-store.ts';
import type { Site } from './site.ts';

/** Everything that can go wrong. */
export type FaultName =
  | 'coordinator killed'
  | 'agent killed'
  | 'units killed'
  | 'agent and units killed'
  | 'agent and coordinator killed'
  | 'machine restarted'
  | 'coordinator stopped'
  | 'second coordinator over one store'
  | 'copied coordinator'
  | 'restored coordinator'
  | 'agent stopped'
  | 'partition'
  | 'flapping'
  | 'connection lost'
  | 'slow link'
  | 'calls arrive twice'
  | 'coordinator’s disk full'
  | 'node’s disk full'
  | 'slow disk'
  | 'coordinator’s clock set'
  | 'node’s clock set'
  | 'journal record damaged'
  | 'operator';

/** A fault: what is done to the site, and for how long it lasts. It has to be mended by then. */
interface Fault {
  readonly name: FaultName;
  readonly weight: number;
  readonly strike: (context: FaultContext) => void;
}

interface FaultContext {
  readonly site: Site;
  readonly node: SimulatedNode;
  readonly operator: Operator;
  readonly random: Random;
  /** Does it after so long, unless the faults are over by then. */
  readonly after: (delayMs: number, mend: () => void) => void;
}

const hourMs = 3_600_000;

/** Everything that a site has to survive. */
const faults: readonly Fault[] = [
  {
    name: 'coordinator killed',
    weight: 4,
    strike: ({ site, random, after }) => {
      site.killCoordinator();
      after(random.between(200, 8_000), () => site.startCoordinator());
    },
  },
  { name: 'agent killed', weight: 4, strike: (context) => killAgent(context) },
  { name: 'units killed', weight: 4, strike: ({ node }) => node.killUnits() },
  {
    name: 'agent and units killed',
    weight: 2,
    strike: (context) => {
      killAgent(context);
      context.node.killUnits();
    },
  },
  {
    name: 'agent and coordinator killed',
    weight: 2,
    strike: (context) => {
      const { site, random, after } = context;
      killAgent(context);
      site.killCoordinator();
      after(random.between(200, 8_000), () => site.startCoordinator());
    },
  },
  {
    name: 'machine restarted',
    weight: 3,
    strike: ({ node, random, after }) => {
      void node.reboot();
      after(random.between(2_000, 15_000), () => node.start());
    },
  },
  {
    name: 'coordinator stopped',
    weight: 1,
    strike: ({ site, random, after }) => {
      const process = site.coordinatorProcess;
      process?.stop();
      after(random.between(500, 45_000), () => process?.continue());
    },
  },
  {
    name: 'second coordinator over one store',
    weight: 1,
    strike: (context) => overtake(context, () => Promise.resolve(context.site.store)),
  },
  {
    name: 'copied coordinator',
    weight: 1,
    strike: (context) => overtake(context, () => context.site.store.copy(0)),
  },
  {
    name: 'restored coordinator',
    weight: 1,
    strike: (context) => overtake(context, () => context.site.store.copy(context.random.between(1, 40))),
  },
  {
    name: 'agent stopped',
    weight: 1,
    strike: ({ node, random, after }) => {
      const process = node.agent;
      process?.stop();
      after(random.between(500, 45_000), () => process?.continue());
    },
  },
  { name: 'partition', weight: 3, strike: (context) => partition(context, context.random.between(300, 60_000)) },
  {
    name: 'flapping',
    weight: 1,
    strike: (context) => {
      for (let delayMs = 0; delayMs < 20_000; delayMs += context.random.between(200, 3_000))
        context.after(delayMs, () => partition(context, context.random.between(100, 1_500)));
    },
  },
  { name: 'connection lost', weight: 3, strike: ({ site, node }) => site.network.cut(node.name) },
  {
    name: 'slow link',
    weight: 1,
    strike: ({ site, node, random, after }) => {
      const link = site.network.link(node.name);
      link.maximumDelayMs = random.between(100, 5_000);
      after(random.between(1_000, 30_000), () => {
        link.maximumDelayMs = 5;
      });
    },
  },
  {
    name: 'calls arrive twice',
    weight: 1,
    strike: ({ site, node, after }) => {
      const link = site.network.link(node.name);
      link.ghostProbability = 0.7;
      site.network.cut(node.name);
      after(20_000, () => {
        link.ghostProbability = 0;
      });
    },
  },
  {
    name: 'coordinator’s disk full',
    weight: 1,
    strike: ({ site, random, after }) => {
      const { disk } = site.store;
      disk.isFull = true;
      after(random.between(500, 40_000), () => {
        disk.isFull = false;
      });
    },
  },
  {
    name: 'node’s disk full',
    weight: 1,
    strike: ({ node, random, after }) => {
      node.disk.isFull = true;
      after(random.between(500, 40_000), () => {
        node.disk.isFull = false;
      });
    },
  },
  {
    name: 'slow disk',
    weight: 1,
    strike: ({ site, node, random, after }) => {
      const disk = random.pick([site.store.disk, node.disk]);
      disk.maximumWriteMs = random.between(50, 2_000);
      after(random.between(1_000, 20_000), () => {
        disk.maximumWriteMs = 4;
      });
    },
  },
  {
    name: 'coordinator’s clock set',
    weight: 1,
    strike: ({ site, random }) => {
      site.coordinatorOffsetMs += random.between(-hourMs, hourMs);
    },
  },
  {
    name: 'node’s clock set',
    weight: 1,
    strike: ({ node, random }) => {
      node.clockOffsetMs += random.between(-hourMs, hourMs);
    },
  },
  {
    name: 'journal record damaged',
    weight: 1,
    strike: (context) => {
      killAgent(context);
      const { journal } = context.node;
      const [operationId, text] = context.random.pick([...journal.files, ['', '']]);
      if (operationId !== '') journal.files.set(operationId, text.slice(0, context.random.between(0, text.length - 1)));
    },
  },
  { name: 'operator', weight: 5, strike: ({ operator }) => void operator.meddle() },
];

/** Faults at random moments until `untilMs`. After that nothing more is mended or broken: see `calm`. */
export function scheduleFaults(
  site: Site,
  operator: Operator,
  random: Random,
  { untilMs, only }: { readonly untilMs: number; readonly only: readonly FaultName[] | undefined },
): void {
  const known = only === undefined ? faults : faults.filter(({ name }) => only.includes(name));
  const count = random.between(1, 25);
  const after = (delayMs: number, what: () => void): void =>
    site.time.after(delayMs, () => {
      if (site.time.now < untilMs) what();
    });
  for (let i = 0; i < count; i += 1) {
    const fault = pickWeighted(known, random);
    const node = random.pick(site.nodes);
    after(random.next() * (untilMs - site.time.now), () => {
      site.observer.note('fault', `${fault.name} (${node.name})`);
      fault.strike({ site, node, operator, random, after });
    });
  }
}

/** Mends everything. */
export function calm(site: Site): void {
  site.observer.note('fault', 'none any more');
  site.store.disk.isFull = false;
  site.store.disk.maximumWriteMs = 4;
  site.coordinatorOffsetMs = 0;
  site.endRivals();
  site.coordinatorProcess?.continue();
  // Whose store another one has had says so, and has to be started again.
  if (site.isStoreOvertaken) site.killCoordinator();
  site.startCoordinator();
  for (const node of site.nodes) {
    node.agent?.continue();
    node.clockOffsetMs = 0;
    node.disk.isFull = false;
    node.disk.maximumWriteMs = 4;
    Object.assign(site.network.link(node.name), { maximumDelayMs: 5, ghostProbability: 0 });
    site.network.heal(node.name);
    node.start();
  }
}

/** While the coordinator is stopped another one takes its address; then it has it back, and goes on where it was. */
function overtake({ site, random, after }: FaultContext, store: () => Promise<SimulatedStore>): void {
  const process = site.coordinatorProcess;
  process?.stop();
  void store().then((each) => {
    if (each === site.store) site.isStoreOvertaken = true;
    else site.isStoreCopied = true;
    site.rivals.add(site.startRival(each));
  });
  after(random.between(1_000, 50_000), () => site.endRivals());
  after(random.between(500, 60_000), () => process?.continue());
}

function killAgent({ node, random, after }: FaultContext): void {
  node.killAgent();
  after(random.between(200, 8_000), () => node.start());
}

function partition({ site, node, random, after }: FaultContext, durationMs: number): void {
  const link = site.network.link(node.name);
  const way = random.between(0, 2);
  link.isBlockedToListener = way !== 1;
  link.isBlockedToCaller = way !== 2;
  after(durationMs, () => site.network.heal(node.name));
}

function pickWeighted(among: readonly Fault[], random: Random): Fault {
  const total = among.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  for (const fault of among) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  throw new RangeError('there are no faults');
}
