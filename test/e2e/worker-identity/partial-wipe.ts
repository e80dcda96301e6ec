import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reboot } from '@drover/lab';
import { lab, onHost } from '../quick-start.ts';
import { untilClaim } from './claims.ts';
import { enrolledNode, hostOf } from './machines.ts';
import { nodeObject, untilAsBefore, untilBack } from './node-object.ts';
import { countRejoins, untilRejoined } from './rejoins.ts';

const worker = 'worker-1';

/** A worker whose disk loses what it had of the cluster, and keeps its agent's identity. */
export function testPartialWipe(): void {
  test('a worker that has lost the cluster’s state and not its own becomes a member again by itself, as it was', async () => {
    const former = await nodeObject(worker);
    const { incarnation } = await enrolledNode(worker);
    const earlier = await countRejoins();
    // What pods have mounted cannot be removed while the machine is up.
    await onHost(worker, 'sh', '-c', 'systemctl stop kubelet; rm -rf /etc/kubernetes /var/lib/kubelet 2>&1 || true');
    await reboot(lab, await hostOf(worker), { powerCut: true, signal: new AbortController().signal });
    const { state } = await untilClaim(
      `the loss on ${worker} to be seen`,
      ({ node, verdict }) => node === worker && verdict === 'partial-wipe',
    );
    assert.match(state, /^(pending|admitted)$/);
    await untilBack(worker, former.uid);
    await untilRejoined(earlier + 1);
    await untilAsBefore(worker, former);
    assert.equal((await enrolledNode(worker)).incarnation, incarnation);
    const claim = await untilClaim('its claim', ({ node, verdict }) => node === worker && verdict === 'partial-wipe');
    assert.equal(claim.state, 'admitted');
  });
}
