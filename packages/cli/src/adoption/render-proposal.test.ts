import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { missingValues, renderProposal } from './render-proposal.ts';

const proposal = {
  document: {
    apiVersion: 'drover.dev/v1',
    kind: 'Cluster',
    metadata: { name: 'old' },
    spec: {
      networking: { podCidr: null, serviceCidr: '10.96.0.0/12' },
      repositories: [
        { id: 'docker-ce', baseUrl: null },
        { id: 'kubernetes-drover', baseUrl: 'https://packages.example/kubernetes/' },
      ],
      nodes: [{ name: 'master', role: 'control-plane' }],
    },
  },
  notes: [
    { path: ['spec', 'networking', 'podCidr'], text: 'kubeadm wrote none down' },
    { path: ['spec', 'repositories', 1, 'id'], text: 'taken, by its name, for the one with kubernetes' },
    { path: ['spec', 'nodes'], text: 'other is in the cluster and has no agent' },
    { path: ['spec', 'nodes'], text: `a long one: ${'word '.repeat(40).trim()}` },
    { path: ['spec', 'absent', 'thing'], text: 'about nothing that is there' },
  ],
};

suite('a proposed cluster file', () => {
  test('has each note above its value, and says what is to be filled in', () => {
    const golden = readFileSync(join(import.meta.dirname, 'golden', 'proposal.yaml'), 'utf8');
    assert.equal(renderProposal(proposal), golden);
  });

  test('says in YAML what the coordinator said, whatever the notes are', () => {
    const notes = [...proposal.notes, { path: ['spec'], text: 'two\nlines: # and "signs"' }];
    assert.deepEqual(parse(renderProposal({ ...proposal, notes })), proposal.document);
  });

  test('counts what is missing', () => {
    assert.deepEqual(missingValues(proposal.document), [
      ['spec', 'networking', 'podCidr'],
      ['spec', 'repositories', 0, 'baseUrl'],
    ]);
  });
});
