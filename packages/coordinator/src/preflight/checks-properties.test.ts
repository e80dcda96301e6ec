import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Facts } from '@drover/proto';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import type { ClusterView } from '../plan/cluster-view.ts';
import { exampleView } from '../testing/example-view.ts';
import { factsDocuments } from '../testing/facts-documents.ts';
import { withContainerd } from '../testing/preflight-views.ts';
import { checks } from './checks/index.ts';
import { checkView } from './preflight.ts';

const versions = ['v1.20.2', 'v1.24.0', 'v1.28.5', 'v1.33.1', 'v1.36.0'];

const views = fc
  .record({
    facts: fc.array(factsDocuments, { minLength: 3, maxLength: 3 }),
    version: fc.constantFrom(...versions),
    runtime: fc.constantFrom({}, withContainerd),
    skewMs: fc.integer(),
  })
  .map(({ facts, version, runtime, skewMs }): ClusterView => {
    const view = exampleView({ kubernetes: { version, repository: 'kubernetes' }, ...runtime });
    const nodes = view.nodes.map((node, index) => ({
      ...node,
      facts: facts[index] ?? node.facts,
      clockSkewMs: skewMs * index,
    }));
    return { ...view, nodes };
  });

/** What a message has where a value was missing, or was none to be shown. */
const slips = /undefined|NaN|\[object/;

suite('for whatever facts the schema allows', () => {
  test('the documents are ones that the schema allows', () => {
    fc.assert(
      fc.property(factsDocuments, (facts) => Value.Check(Facts, facts)),
      { numRuns: 50 },
    );
  });

  test('a check throws nothing, and each of its findings is complete', () => {
    fc.assert(
      fc.property(views, (view) => {
        // A machine may have such a word of its own, as a name: a check that quotes it has not slipped.
        const isOwn = slips.test(JSON.stringify(view.nodes));
        for (const { message, remedy, check } of checkView(checks, view)) {
          assert.ok(message.length > 0 && remedy.length > 0, check);
          if (!isOwn) assert.doesNotMatch(message, slips, check);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a check whose facts are not known is undetermined, and finds nothing else on that node', () => {
    fc.assert(
      fc.property(views, fc.constantFrom(...checks.filter(({ reads }) => reads.length > 0)), (view, check) => {
        const [subject] = check.reads;
        const unreadable = [{ fact: String(subject), reason: 'EIO' }];
        const nodes = view.nodes.map((node) => ({ ...node, facts: { ...node.facts, unreadable } }));
        const findings = checkView([check], { ...view, nodes });
        const looked = check.scope === 'control-plane' ? 1 : 3;
        const named = new Set(findings.filter(({ undetermined }) => undetermined).map(({ node }) => node));
        assert.equal(named.size, looked);
        assert.ok(findings.every(({ node, undetermined }) => node === undefined || undetermined === true));
      }),
      { numRuns: 100 },
    );
  });
});
