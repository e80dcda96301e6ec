import type { Check } from '../check.ts';

/** A fact that could not be read is a check that could not be made. */
export const factsReadable: Check = {
  id: 'facts-readable',
  ofFacts: ({ nodes }) =>
    nodes.flatMap(({ spec, facts }) =>
      facts.unreadable.map(({ fact, reason }) => ({
        severity: 'warning' as const,
        node: spec.name,
        message: `the fact ${fact} could not be read, so what depends on it was not checked`,
        evidence: [reason],
        remedy: 'Look at the reason; the log of drover-agent on the node may say more.',
      })),
    ),
};
