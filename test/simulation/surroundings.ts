import type { ClusterDocument } from '@drover/coordinator/simulation';
import type { AgentFrame, CoordinatorFrame } from '@drover/proto';
import { readClusterFile } from './cluster-file.ts';
import { createIdentities, type Identities } from './identities.ts';
import type { Wire } from './network.ts';
import { createWire } from './wire.ts';

/** What every simulation of a process has in common: made once, since it takes real time. */
export interface Surroundings {
  readonly document: ClusterDocument;
  readonly identities: Identities;
  readonly wire: Wire<AgentFrame, CoordinatorFrame>;
}

/** When every simulation begins: milliseconds since 1970. */
export const beginningMs = Date.UTC(2030, 0, 1);

/** One control plane and one worker: as many roles as there are, and quick to simulate. */
const nodeCount = 2;

/** Makes them. */
export async function createSurroundings(): Promise<Surroundings> {
  const document = await readClusterFile(nodeCount);
  const names = document.spec.nodes.map(({ name }) => name);
  const clock = { now: () => beginningMs, monotonic: () => 0, sleep: async () => undefined };
  return { document, identities: await createIdentities(names, clock), wire: createWire() };
}
