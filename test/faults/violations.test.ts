import assert from 'node:assert/strict';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { logFaults, openOperations, repeatedEffects, unfinishedRun } from './violations.ts';

// What the search for violations would find, if there were any.
suite('a violation is found:', () => {
  let directory: string;
  let lab: Parameters<typeof logFaults>[0];
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'drover-violations-'));
    const machine = { name: 'worker-1', directory: join(directory, 'worker-1') };
    await mkdir(join(machine.directory, 'agent', 'operations'), { recursive: true });
    await mkdir(join(directory, 'coordinator'));
    lab = { directory, machines: new Map([['worker-1', machine]]) };
  });
  afterEach(() => rm(directory, { recursive: true }));

  const keepLines = (sequences: readonly number[], line = 'a line'): void => {
    const database = new DatabaseSync(join(directory, 'coordinator', 'coordinator.db'));
    database.exec('CREATE TABLE entries (key TEXT, value TEXT)');
    const insert = database.prepare('INSERT INTO entries VALUES (?, ?)');
    for (const sequence of sequences) insert.run(`logs/run/step/1/${String(sequence).padStart(9, '0')}`, line);
    database.close();
  };

  test('two clusters, and a node that joined twice', () => {
    const nodeUids = new Map([
      ['worker-1', new Set(['a', 'b'])],
      ['worker-2', new Set(['c'])],
    ]);
    assert.deepEqual(repeatedEffects({ clusterCas: new Set(['one', 'two']), nodeUids }), [
      'kubeadm init came to its effect 2 times',
      'worker-1 joined 2 times',
    ]);
    assert.deepEqual(repeatedEffects({ clusterCas: new Set(['one']), nodeUids: new Map() }), []);
  });

  test('a run that ended without a reason, one that goes on, and one that left a step behind', () => {
    const run = { runId: 'r', createdAt: '' };
    const steps = [{ stepId: 's', state: 'sent', attempts: 1 }];
    const plan = { steps: [] };
    for (const state of ['failed', 'blocked', 'running', 'succeeded'])
      assert.equal(unfinishedRun({ run: { ...run, state }, plan, steps }).length, 1, state);
    const blocked = { ...run, state: 'blocked', problem: { code: 'cluster-unreachable' } };
    assert.deepEqual(unfinishedRun({ run: blocked, plan, steps }), []);
  });

  test('an operation whose end nobody was told', async () => {
    const file = (name: string) => join(directory, 'worker-1', 'agent', 'operations', name);
    await writeFile(file('a.json'), JSON.stringify({ record: { state: 'finished' } }));
    await writeFile(file('b.json'), JSON.stringify({ record: { state: 'acknowledged' } }));
    assert.deepEqual(await openOperations(lab), ['a.json of worker-1 is finished']);
  });

  test('a line that is missing', async () => {
    keepLines([1, 3]);
    assert.deepEqual(await logFaults(lab), ['logs/run/step/1: line 3 where 2 should be']);
  });

  test('a last line that was lost, or came twice', async () => {
    const joined = { at: '', argv: ['kubeadm', 'join'], ended: 0 };
    await appendFile(join(directory, 'worker-1', 'commands.jsonl'), `${JSON.stringify(joined)}\n`);
    keepLines([1, 2], 'This node has joined the cluster (simulated)');
    assert.deepEqual(await logFaults(lab), ['1 kubeadm join succeeded, 2 are logged']);
  });
});
