import { createHash } from 'node:crypto';
import type { Facts } from '@drover/proto';

/**
 * SHA-256 in hex over what facts say about the machine, without what moves by itself: clocks, uptime, free memory and
 * free space. Equal as long as nothing happened that a plan could depend on.
 */
export function digestFacts(facts: Facts): string {
  const { gatheredAt: _, clock: __, ...rest } = facts;
  const still = {
    ...rest,
    host: { ...facts.host, uptimeSeconds: 0 },
    memory: { ...facts.memory, availableBytes: 0 },
    disks: facts.disks.map((disk) => ({ ...disk, availableBytes: 0 })),
  };
  return createHash('sha256').update(toCanonicalJson(still)).digest('hex');
}

/** JSON with the keys of every object in order. */
function toCanonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
