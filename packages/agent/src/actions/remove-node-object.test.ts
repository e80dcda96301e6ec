import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runAction } from '../operations/run-action.ts';
import { actionPorts, createActionContext } from '../testing/action-context.ts';
import { createFakeHost, type FakeProgram } from '../testing/fake-host.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';
import { removeNodeObject } from './remove-node-object.ts';

const oldUid = '015d2e65-891e-49c9-b1b0-72dd2d5c5197';
const newUid = 'e51c5952-2b33-489e-ac77-e907c39065ae';
const params = { nodeName: 'worker-1', uid: oldUid };

interface FakeApi {
  uid: string | undefined;
  answers: boolean;
  /** Looks that still find a Node whose deletion was accepted. */
  lingers: number;
  /** The API forgets its precondition: what a guard is for. */
  ignoresPrecondition?: boolean;
  /** Happens between the probe and the deletion. */
  beforeDelete?: () => void;
}

function kubectl(api: FakeApi): FakeProgram {
  let isDeleted = false;
  return ({ args, input, change }) => {
    if (!api.answers) return { status: 1, stderr: 'connection refused\n' };
    if (args.includes('--raw=/readyz')) return 'ok';
    if (args.includes('get')) {
      if (isDeleted && api.lingers-- <= 0) api.uid = undefined;
      return api.uid === undefined ? '' : JSON.stringify(nodeOf(api.uid));
    }
    api.beforeDelete?.();
    change();
    const { preconditions } = JSON.parse(input ?? '{}') as { preconditions: { uid: string } };
    if (preconditions.uid !== api.uid && api.ignoresPrecondition !== true)
      return { status: 1, stderr: 'Error from server (Conflict): the UID in the precondition does not match\n' };
    isDeleted = true;
    return '{}';
  };
}

function nodeOf(uid: string): object {
  const metadata = { name: 'worker-1', uid, resourceVersion: '1', creationTimestamp: '' };
  return { metadata, spec: {}, status: { nodeInfo: { kubeletVersion: '', containerRuntimeVersion: '' } } };
}

function setUp(overrides: Partial<FakeApi> = {}) {
  const api: FakeApi = { uid: oldUid, answers: true, lingers: 0, ...overrides };
  const host = createFakeHost({ files: { [adminKubeconfig]: '' }, programs: { kubectl: kubectl(api) } });
  const context = createActionContext(host);
  const run = () => runAction(actionPorts, context, { mode: 'RUN', call: { name: 'remove-node-object', params } });
  return { api, run, probe: () => removeNodeObject.probe(context, params) };
}

const table: readonly [state: string, api: Partial<FakeApi>, outcome: string, code?: string][] = [
  ['the Node has the uid', {}, 'not-started'],
  ['there is no such Node', { uid: undefined }, 'done'],
  ['the Node was made anew', { uid: newUid }, 'conflict', 'node-object-replaced'],
  ['the API does not answer', { answers: false }, 'unknown', 'probe-unanswered'],
];

for (const [state, api, outcome, code] of table) {
  test(`where ${state}, deleting a Node is ${outcome}`, async () => {
    const site = setUp(api);
    const found = await site.probe();
    assert.deepEqual([found.outcome, 'code' in found ? found.code : undefined], [outcome, code]);
    if (code !== undefined) await assert.rejects(site.run(), { code });
    assert.equal(site.api.uid, 'uid' in api ? api.uid : oldUid);
  });
}

test('the Node is deleted, and gone from the API before the step is done', async () => {
  const site = setUp({ lingers: 3 });
  assert.equal((await site.run()).completion?.changed, true);
  assert.equal(site.api.uid, undefined);
  assert.equal((await site.run()).completion?.changed, false);
});

test('a Node that is made anew after the look is not deleted: the API checks the uid', async () => {
  const site = setUp();
  site.api.beforeDelete = () => {
    site.api.uid = newUid;
  };
  await assert.rejects(site.run());
  assert.equal(site.api.uid, newUid);
});

test('an API without the precondition would delete it', async () => {
  const site = setUp({ ignoresPrecondition: true });
  site.api.beforeDelete = () => {
    site.api.uid = newUid;
  };
  assert.equal((await site.run()).completion?.changed, true);
  assert.equal(site.api.uid, undefined);
});
