import type { Finding } from '../client/refused-error.ts';

/**
 * Preflight findings as people read them, in the order given: nodes of which the same is true share a line, and what is
 * to be done is said once for all findings that it is said of.
 */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  const byRemedy = Map.groupBy(findings, (finding) =>
    [finding.severity, finding.check, finding.fixedBy ?? finding.remedy].join('\n'),
  );
  return [...byRemedy.values()].flatMap((alike) => {
    const same = Map.groupBy(alike, ({ message, evidence = [] }) => [message, ...evidence].join('\n'));
    return [...[...same.values()].flatMap(observationLines), ...alike.slice(0, 1).map(remedyLine)];
  });
}

function observationLines(same: readonly Finding[]): readonly string[] {
  const [first] = same;
  if (first === undefined) return [];
  const nodes = same.flatMap(({ node }) => (node === undefined ? [] : [node]));
  const place = nodes.length === 0 ? '' : ` on ${nodes.join(', ')}`;
  return [
    `    ${first.severity} ${first.check}${place}: ${first.message}`,
    ...(first.evidence ?? []).map((line) => `      | ${line}`),
  ];
}

function remedyLine({ fixedBy, remedy }: Finding): string {
  return fixedBy === undefined ? `      do: ${remedy}` : `      repaired by the run (${fixedBy})`;
}
