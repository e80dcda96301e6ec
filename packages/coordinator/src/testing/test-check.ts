import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ClusterView } from '../plan/cluster-view.ts';
import type { Check, Finding } from '../preflight/check.ts';

/** The cases of a check, each with a sentence of its own. */
export interface CheckCases {
  /** The rule that is found broken, in what, and what the finding says. */
  readonly finds: readonly (readonly [
    title: string,
    rule: string,
    view: ClusterView,
    message: RegExp,
    /** Of what the specification alone shows. @default facts, where the check looks at them */
    form?: 'specification',
  ])[];
  /** Where nothing of the check is found. */
  readonly passes: readonly (readonly [title: string, view: ClusterView])[];
}

/** Tests a check by cases: each finding in its place, each rule in at least one case, and one case at least without any. */
export function testCheck(check: Check, { finds, passes }: CheckCases): void {
  suite(`the check ${check.id}`, () => {
    for (const [title, rule, view, message, form] of finds) {
      test(`finds ${title}`, () => {
        const findings = form === undefined ? evaluate(check, view) : (check.ofSpec?.(view) ?? []);
        const found = findings.find((finding) => finding.rule === rule && message.test(finding.message));
        assert.ok(found !== undefined, JSON.stringify(findings, undefined, 1));
        assert.equal(found.severity, check.rules[rule]?.severity);
        assert.ok(found.remedy.length > 0);
      });
    }
    for (const [title, view] of passes) {
      test(`has nothing to say of ${title}`, () => assert.deepEqual(evaluate(check, view), []));
    }
    test('is tried with each of its rules, and with nothing wrong', () => {
      assert.deepEqual([...new Set(finds.map(([, rule]) => rule))].sort(), Object.keys(check.rules).sort());
      assert.ok(passes.length > 0);
    });
  });
}

function evaluate({ ofFacts, ofSpec }: Check, view: ClusterView): readonly Finding[] {
  return (ofFacts ?? ofSpec)?.(view) ?? [];
}
