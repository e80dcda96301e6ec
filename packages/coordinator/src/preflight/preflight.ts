import type { ClusterView } from '../plan/cluster-view.ts';
import type { Check, ClusterRequest, Finding, Severity } from './check.ts';

/** What the specification alone shows: every finding of every check that can say something without facts. */
export function checkSpec(checks: readonly Check[], cluster: ClusterRequest): readonly Finding[] {
  return checks.flatMap(({ ofSpec }) => ofSpec?.(cluster) ?? []);
}

/**
 * What specification and facts show together: every finding of every check, the gravest first. Nodes that were looked at
 * for the targets' sake alone are nobody's concern now.
 */
export function checkView(checks: readonly Check[], view: ClusterView): readonly Finding[] {
  return checks
    .flatMap(({ ofSpec, ofFacts }) => (ofFacts ?? ofSpec)?.(view) ?? [])
    .filter(({ node }) => node === undefined || view.targets.includes(node))
    .toSorted((a, b) => gravity[a.severity] - gravity[b.severity]);
}

/** Whether a run may begin. */
export function allowsRun(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error');
}

const gravity: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
