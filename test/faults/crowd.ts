import { randomBytes } from 'node:crypto';
import {
  actionRegistry,
  createMemoryStorage,
  createMemoryWorld,
  makeMachine,
  playHost,
  type World,
} from '@drover/agent/simulation';
import { startTestAgent, type TestAgent } from '@drover/agent/testing';
import { Secret, systemClock } from '@drover/core';
import type { SimulatedLab } from '../integration/simulated-lab.ts';
import { until } from '../integration/until.ts';

/** Many agents in one process, with the real TLS, gRPC and journals of each, over machines in memory. */
export interface Crowd {
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  readonly world: World;
  /** How often `kubeadm init` and `kubeadm join` were begun on each machine that has begun one. */
  kubeadmCounts(): ReadonlyMap<string, number>;
  dispose(): Promise<void>;
}

/** Resolves when all of them are connected. */
export async function startCrowd(lab: SimulatedLab, size: number): Promise<Crowd> {
  const world = createMemoryWorld();
  const counts = new Map<string, number>();
  const names = Array.from({ length: size }, (_, index) => (index === 0 ? 'control-plane-1' : `worker-${index}`));
  const addresses = names.map((_, index) => `10.213.0.${11 + index}`);
  const agents: TestAgent[] = [];
  for (const [index, name] of names.entries()) {
    const settings = { hostname: name, address: addresses[index] ?? '', pace: 0 };
    const storage = {
      ...createMemoryStorage(),
      recordCommand: async ({ argv: [program, verb, phase], ended }: CommandRecord) => {
        const isEffect = program === 'kubeadm' && (verb === 'init' || verb === 'join') && phase !== 'phase';
        if (isEffect && ended === undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
      },
    };
    await makeMachine({ storage, settings, randomBytes });
    const host = playHost({ storage, settings, world, clock: systemClock, randomBytes });
    const { stdout } = await lab.drover('token', 'create', name);
    const { enrollment: enrollmentPort, session: sessionPort } = lab.ports;
    const token = new Secret(stdout.trim());
    agents.push(await startTestAgent({ enrollmentPort, sessionPort, token, host, actions: actionRegistry }));
  }
  await until(
    () => `${size} agents to be connected`,
    async () => {
      const nodes = await lab.json<readonly { connected: boolean }[]>('get', 'nodes');
      return nodes.filter(({ connected }) => connected).length === size;
    },
    60_000,
  );
  return {
    ...{ names, addresses, world },
    kubeadmCounts: () => counts,
    dispose: async () => {
      await Promise.all(agents.map((agent) => agent.dispose()));
    },
  };
}

interface CommandRecord {
  readonly argv: readonly string[];
  readonly ended?: number | string;
}
