import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findHost, powerOff, reboot } from '@drover/lab';
import { drover, droverJson, lab } from '../quick-start.ts';
import { untilAgentSays } from '../worker-identity/machines.ts';
import { voters } from './etcd.ts';
import { adminKubectl, type Site } from './site.ts';

const dead = 'control-plane-3';
const others = ['control-plane-1', 'control-plane-2'];

/** A machine that will not come back, and does after all. */
export function testDeadNode({ clusterFile }: Site): void {
  test('a control-plane node whose machine is dead is given up, and nothing is asked of it', async () => {
    await powerOff(lab, await findHost(lab, dead));
    const { exitCode, all } = await drover('nodes', 'remove', dead, '--dead');
    assert.equal(exitCode, 0, all);
    assert.deepEqual(await voters('control-plane-1'), others);
    assert.doesNotMatch(await adminKubectl('control-plane-2', 'get', 'nodes', '-o', 'name'), new RegExp(dead));
    const applied = await drover('apply', '-f', await clusterFile(withoutDead));
    assert.equal(applied.exitCode, 0, applied.all);
    const deleted = await drover('delete', 'node', dead);
    assert.equal(deleted.exitCode, 0, deleted.all);
  });

  test('when it is switched on after all, with its old disk, it is refused, and votes no more', async (t) => {
    await reboot(lab, await findHost(lab, dead), { signal: t.signal });
    await untilAgentSays(dead, /node-removed/);
    assert.deepEqual(await voters('control-plane-1'), others);
  });

  test('once it is forgotten, nothing is known of it', async () => {
    const { exitCode, all } = await drover('nodes', 'forget', dead);
    assert.equal(exitCode, 0, all);
    assert.deepEqual(await droverJson('nodes', 'removed'), []);
  });
}

/** It is the third of the file’s nodes. */
function withoutDead(text: string): string {
  const changed = text.replace(new RegExp(`    - name: ${dead}\\n(      .*\\n)+`), '');
  assert.notEqual(changed, text);
  return changed;
}
