import { clusterCheck } from '../define-check.ts';

/** A certificate is made valid from now on, by the clock of whoever makes it; bootstrap tokens expire by that clock too. */
const toleratedMs = 5_000;

const remedy = 'Set the clock and keep it set: `systemctl enable --now chronyd`.';

/** A node whose clock is behind finds the cluster's fresh certificates not yet valid, and says only "TLS". */
export const clockSkew = clusterCheck({
  id: 'clock-skew',
  title: 'Clocks are no more than 5 s apart',
  scope: 'cluster',
  reads: [],
  shows: 'How far each clock is from the coordinator’s, as measured when the facts were gathered',
  rules: {
    skewed: { severity: 'error', when: 'A node’s clock is further than that from the coordinator’s', remedy },
    apart: { severity: 'error', when: 'The clocks of two nodes are further than that from each other', remedy },
  },
  ofNodes: (nodes) => {
    const skewed = nodes.filter(({ clockSkewMs }) => Math.abs(clockSkewMs) > toleratedMs);
    const others = nodes.filter((node) => !skewed.includes(node)).toSorted((a, b) => a.clockSkewMs - b.clockSkewMs);
    const [first, last] = [others[0], others.at(-1)];
    const isApart = first !== undefined && last !== undefined && last.clockSkewMs - first.clockSkewMs > toleratedMs;
    return [
      ...skewed.map(({ spec, clockSkewMs }) => ({
        rule: 'skewed' as const,
        node: spec.name,
        message: `the node’s clock is ${describe(clockSkewMs)} the coordinator’s`,
        evidence: [`${clockSkewMs} ms`],
      })),
      ...(isApart
        ? [
            {
              rule: 'apart' as const,
              message: `the clocks of ${first.spec.name} and ${last.spec.name} are ${seconds(last.clockSkewMs - first.clockSkewMs)} apart`,
              evidence: [first, last].map(
                ({ spec, clockSkewMs }) => `${spec.name}: ${describe(clockSkewMs)} the coordinator’s`,
              ),
            },
          ]
        : []),
    ];
  },
});

function describe(skewMs: number): string {
  return `${seconds(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'}`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
