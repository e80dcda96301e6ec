import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clone, machineAddress, powerOff } from '@drover/lab';
import { until } from '../../integration/until.ts';
import { drover, droverJson, kubectl, lab, onHost } from '../quick-start.ts';
import { untilClaim } from './claims.ts';
import { agentJournal, bootIdOf, enrolledNode, hostOf } from './machines.ts';
import { nodeObject } from './node-object.ts';

const worker = 'worker-2';

interface ShownFacts {
  readonly facts: { readonly host: { readonly bootId: string } };
}

/** A worker that is copied while it works, disk and all. */
export function testClone(): void {
  test('a copy of a running worker is quarantined, is asked for its facts and nothing else, and the worker works on', async () => {
    const node = await nodeObject(worker);
    const { connectedAt, incarnation } = await enrolledNode(worker);
    const copy = await clone(lab, await hostOf(worker), { signal: new AbortController().signal });
    const {
      claimId,
      verdict,
      node: of,
    } = await untilClaim(
      `${copy.name} to be quarantined`,
      ({ from, state }) => from === copy.address && state === 'quarantined',
    );
    assert.deepEqual([verdict, of], ['clone', worker]);

    // The newcomer: a person may look at it, and nobody can let it in. Nothing of what it holds is touched.
    const shown = await droverJson<ShownFacts>('claims', 'facts', claimId);
    assert.equal(shown.facts.host.bootId, await bootIdOf(copy.name));
    const approved = await drover('claims', 'approve', claimId);
    assert.match(approved.all, /clone-suspected/);
    const said = await agentJournal(copy.name);
    assert.match(said, /clone-suspected/);
    assert.doesNotMatch(said, /operation started/);
    await onHost(copy.name, 'test', '-s', '/etc/kubernetes/kubelet.conf');

    // The incumbent: its agent answers in the session that it had, and its kubelet does what it is told.
    const asked = await droverJson<ShownFacts>('facts', worker);
    assert.equal(asked.facts.host.bootId, await bootIdOf(worker));
    await runPod('beside-a-copy');
    await powerOff(lab, copy);
    const after = await enrolledNode(worker);
    assert.deepEqual([after.connectedAt, after.incarnation], [connectedAt, incarnation]);
    const { uid, isReady } = await nodeObject(worker);
    assert.deepEqual([uid, isReady], [node.uid, true]);
  });
}

/** By its name, past the scheduler: it is for this node. */
async function runPod(name: string): Promise<void> {
  const image = `${machineAddress(lab)}:5000/library/busybox:1.35`;
  const overrides = JSON.stringify({ spec: { nodeName: worker } });
  await kubectl(
    ...['run', name, `--image=${image}`, '--restart=Never', `--overrides=${overrides}`],
    ...['--', 'sleep', '3600'],
  );
  await until(
    () => `a container of ${name} on ${worker}`,
    async () => (await onHost(worker, 'docker', 'ps', '--format', '{{.Names}}')).includes(`k8s_${name}_`),
    120_000,
  );
  await kubectl('delete', 'pod', name, '--grace-period=0', '--force', '--wait=false');
}
