import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../client/refused-error.ts';
import { findingLines } from './finding-text.ts';

function finding(node: string, message: string, others: Partial<Finding> = {}): Finding {
  return { check: 'dns', severity: 'warning', node, message, remedy: 'Give the kubelet another file.', ...others };
}

test('nodes of which the same is true share a line', () => {
  const evidence = ['name servers: 127.0.0.1'];
  const findings = ['worker-1', 'worker-2'].map((node) => finding(node, 'it asks itself', { evidence }));
  assert.deepEqual(findingLines(findings), [
    '    warning dns on worker-1, worker-2: it asks itself',
    '      | name servers: 127.0.0.1',
    '      do: Give the kubelet another file.',
  ]);
});

test('what is to be done is said once, behind everything that it mends', () => {
  const findings = [
    finding('worker-1', 'one', { fixedBy: 'configure-sysctl' }),
    finding('worker-2', 'another', { fixedBy: 'configure-sysctl' }),
  ];
  assert.deepEqual(findingLines(findings), [
    '    warning dns on worker-1: one',
    '    warning dns on worker-2: another',
    '      repaired by the run (configure-sysctl)',
  ]);
});

test('the same words of another check, severity or evidence stay apart', () => {
  const findings = [
    finding('worker-1', 'it'),
    finding('worker-2', 'it', { evidence: ['seen'] }),
    finding('worker-3', 'it', { severity: 'error' }),
    finding('worker-4', 'it', { check: 'disk-space' }),
  ];
  assert.deepEqual(
    findingLines(findings).filter((line) => / on /.test(line)),
    [
      '    warning dns on worker-1: it',
      '    warning dns on worker-2: it',
      '    error dns on worker-3: it',
      '    warning disk-space on worker-4: it',
    ],
  );
});

test('what is true of the cluster names no node', () => {
  const { node: _, ...ofCluster } = finding('worker-1', 'it has one control-plane node');
  assert.equal(findingLines([ofCluster])[0], '    warning dns: it has one control-plane node');
});
