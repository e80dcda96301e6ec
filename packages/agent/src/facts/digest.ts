import { createHash } from 'node:crypto';
import { canonicalJson } from '@drover/core';
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
  return createHash('sha256').update(canonicalJson(still)).digest('hex');
}
