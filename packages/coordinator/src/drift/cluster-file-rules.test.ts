import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from '@drover/core';
import { ClusterDocument } from '../clusters/cluster-spec.ts';
import { exampleText } from '../testing/example-cluster.ts';
import { clusterFileRules } from './cluster-file-rules.ts';

async function faultsOf(drift: string): Promise<readonly string[]> {
  const text = (await exampleText()).replace('\nspec:\n', `\nspec:\n  drift: ${drift}\n`);
  const parsed = parseDocument(text, ClusterDocument, { source: 'cluster.yaml', rules: clusterFileRules });
  return parsed.ok ? [] : parsed.faults.map(({ message }) => message);
}

test('checks are named by their ids, and those that an action mends may be repaired', async () => {
  assert.deepEqual(await faultsOf('{ default: report, checks: { swap: repair, clock-skew: off, dns: report } }'), []);
});

test('every name that is none, and every repair that there is not, is told at once', async () => {
  const faults = await faultsOf('{ checks: { swop: repair, clock-skew: repair } }');
  assert.equal(faults.length, 2);
  assert.match(faults[0] ?? '', /no check swop; did you mean swap\?/);
  assert.match(faults[1] ?? '', /no action mends what clock-skew finds/);
});
