import type { ClusterView } from '../plan/cluster-view.ts';
import type { Check, ClusterRequest, Finding, FindingDraft } from './check.ts';

/** What the specification alone shows: every finding of every check that can say something without facts. */
export function checkSpec(checks: readonly Check[], cluster: ClusterRequest): readonly Finding[] {
  return checks.flatMap(({ id, ofSpec }) => toFindings(id, ofSpec?.(cluster) ?? []));
}

/**
 * What specification and facts show together: every finding of every check, errors first. Nodes that were looked at for the
 * targets' sake alone are nobody's concern now.
 */
export function checkView(checks: readonly Check[], view: ClusterView): readonly Finding[] {
  return checks
    .flatMap(({ id, ofSpec, ofFacts }) => toFindings(id, (ofFacts ?? ofSpec)?.(view) ?? []))
    .filter(({ node }) => node === undefined || view.targets.includes(node))
    .toSorted(errorsFirst);
}

/** Whether a run may begin. */
export function allowsRun(findings: readonly Finding[]): boolean {
  return findings.every(({ severity }) => severity !== 'error');
}

function toFindings(check: string, drafts: readonly FindingDraft[]): readonly Finding[] {
  return drafts.map(({ evidence = [], ...draft }) => ({ check, evidence, ...draft }));
}

function errorsFirst(a: Finding, b: Finding): number {
  return Number(a.severity === 'warning') - Number(b.severity === 'warning');
}
