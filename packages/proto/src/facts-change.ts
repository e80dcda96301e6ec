import type { Facts } from './facts.ts';

/**
 * Facts without what moves by itself: clocks, uptime, free memory and free space. Equal as long as nothing happened that a
 * plan or a check could depend on; agent and coordinator make their digests of this.
 */
export function stillFacts(facts: Facts): unknown {
  const { gatheredAt: _, clock: __, ...rest } = facts;
  return {
    ...rest,
    host: { ...facts.host, uptimeSeconds: 0 },
    memory: { ...facts.memory, availableBytes: 0 },
    disks: facts.disks.map((disk) => ({ ...disk, availableBytes: 0 })),
  };
}

/** What newer facts say that older ones do not: subjects that differ, and the names of those that are no longer told. */
export interface FactsDifference {
  readonly changed: Readonly<Record<string, unknown>>;
  readonly absent: readonly string[];
}

/** From older facts to newer ones; everything where there are no older ones. */
export function differenceOfFacts(older: Facts | null, newer: Facts): FactsDifference {
  const before = new Map<string, unknown>(Object.entries(older ?? {}));
  const after = Object.entries(newer).filter(([, value]) => value !== undefined);
  const changed = after.filter(([subject, value]) => JSON.stringify(before.get(subject)) !== JSON.stringify(value));
  const told = new Set(after.map(([subject]) => subject));
  return { changed: Object.fromEntries(changed), absent: [...before.keys()].filter((subject) => !told.has(subject)) };
}

/** The newer facts again, as a document that nobody has checked yet; of a difference that nobody has checked either. */
export function applyDifference(older: Facts, difference: unknown): unknown {
  const { changed = {}, absent = [] } = difference as Partial<FactsDifference>;
  return Object.fromEntries(Object.entries({ ...older, ...changed }).filter(([subject]) => !absent.includes(subject)));
}
