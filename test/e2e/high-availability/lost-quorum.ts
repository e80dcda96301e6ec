import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findHost, powerOff, reboot } from '@drover/lab';
import { until } from '../../integration/until.ts';
import { drover, lab } from '../quick-start.ts';
import { askEtcd, type Member, voters } from './etcd.ts';
import { controlPlanes, nodeDocument, rejoinMs, type Site, untilRejoined, untilWhole } from './site.ts';

const reimaged = 'control-plane-2';
const off = 'control-plane-3';
const witness = 'control-plane-1';

/** What etcd’s members forbid: a rejoin says on what it waits, does nothing meanwhile, and goes on afterwards. */
export function testLostQuorum({ reimage, userDataOf }: Site): void {
  let learner = '';

  test('with one of three installed anew and another one off, nothing is done for want of a quorum', async () => {
    await userDataOf(reimaged);
    learner = await addLearner();
    for (const name of [off, reimaged]) await powerOff(lab, await findHost(lab, name));
    await reimage(reimaged);
    await untilObstacle('etcd-unanswered', /of the 3 voting members of etcd 2 have to answer/);
    assert.equal((await nodeDocument(reimaged)).rejoin?.runId, undefined);
  });

  test('when the other one is on again, it waits for the member that is being added', async (t) => {
    await reboot(lab, await findHost(lab, off), { signal: t.signal });
    await untilObstacle('membership-change-running', /^learner [0-9a-f]+ \(never started, .*:2380\)/);
    assert.deepEqual(await voters(witness), controlPlanes);
  });

  test('once that is over, it goes on and is a member again', async () => {
    await askEtcd(witness, 'cluster/member/remove', { ID: learner });
    // By itself, unless it has waited for two minutes by now: then by what its message names.
    if ((await nodeDocument(reimaged)).rejoin?.state === 'blocked') await drover('nodes', 'retry', reimaged);
    await untilRejoined(reimaged);
    assert.deepEqual(await voters(reimaged), controlPlanes);
    await untilWhole(witness);
  });
}

/** A member that never comes, as one that is being added by somebody else. */
async function addLearner(): Promise<string> {
  const added = { peerURLs: [`https://${lab.subnet}.99:2380`], isLearner: true };
  const { member } = await askEtcd<{ readonly member: Member }>(witness, 'cluster/member/add', added);
  return member.ID;
}

/** It waits two minutes before it says that somebody has to look: by then it is blocked, with the same code. */
async function untilObstacle(code: string, reason: RegExp): Promise<void> {
  let said = '';
  await until(
    () => `${reimaged} to say ${code}; it says ${said}`,
    async () => {
      const { state, waiting, problem } = (await nodeDocument(reimaged)).rejoin ?? {};
      // What the message names.
      if (state === 'blocked' && problem?.code !== code) await drover('nodes', 'retry', reimaged);
      said = problem === undefined ? (waiting?.on ?? '') : `${problem.code}: ${problem.reason}`;
      return said.startsWith(`${code}: `) && reason.test(said.slice(code.length + 2));
    },
    rejoinMs,
  );
}
