import type { Check, FindingDraft } from '../check.ts';

const toleratedMs = 5_000;

/** A node whose clock is behind finds the cluster's fresh certificates not yet valid, and says only "TLS". */
export const clockSkew: Check = {
  id: 'clock-skew',
  ofFacts: ({ nodes }) =>
    nodes.flatMap(({ spec, facts, clockSkewMs }): readonly FindingDraft[] => {
      if (Math.abs(clockSkewMs) <= toleratedMs) return [];
      const direction = clockSkewMs > 0 ? 'ahead of' : 'behind';
      return [
        {
          severity: 'error',
          node: spec.name,
          message: `the node’s clock is ${(Math.abs(clockSkewMs) / 1000).toFixed(1)} s ${direction} the coordinator’s`,
          evidence: [`synchronised, as the node says: ${facts.clock.synchronized ?? 'unknown'}`],
          remedy: 'Set the clock and keep it set: `systemctl enable --now chronyd`.',
        },
      ];
    }),
};
