import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { generateKeyPair, open } from '@drover/core';
import type { OperationOutcome } from '../sessions/sessions.ts';
import { fakeKubeconfig } from '../testing/api-fixture.ts';
import { createLabApi, get, type Problem } from '../testing/lab-api.ts';

suite('the control plane', () => {
  test('seals a kubeconfig to the caller’s key', async () => {
    const fixture = await createLabApi();
    const { privateKey, publicKey } = generateKeyPair();
    const answer = await fixture.api.inject({
      method: 'POST',
      url: '/api/v1/clusters/lab/kubeconfig',
      headers: { authorization: fixture.authorization },
      payload: { recipientPublicKey: Buffer.from(publicKey).toString('base64') },
    });
    const sealed = Buffer.from(answer.json<{ sealed: string }>().sealed, 'base64');
    const kubeconfig = await open({ privateKey, info: 'drover/v1/mint-kubeconfig', sealed });
    assert.equal(kubeconfig.reveal(), fakeKubeconfig);
  });

  test('refuses what is no key before it asks the node', async () => {
    const fixture = await createLabApi();
    const answer = await fixture.api.inject({
      method: 'POST',
      url: '/api/v1/clusters/lab/kubeconfig',
      headers: { authorization: fixture.authorization },
      payload: { recipientPublicKey: 'AAAA' },
    });
    assert.equal(answer.statusCode, 400);
    assert.equal(fixture.agents.sent.length, 0);
  });

  test('gives the kubeconfig in the clear, of which nothing stays in the store', async () => {
    const fixture = await createLabApi();
    const answer = await get(fixture, '/clusters/lab/kubeconfig?server=https://10.0.0.1:6443');
    assert.equal(answer.body, fakeKubeconfig);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.doesNotMatch(JSON.stringify(await fixture.store.list('')), /fake credential/);
  });

  test('lists its nodes, and passes on why it cannot', async () => {
    const fixture = await createLabApi();
    assert.deepEqual((await get(fixture, '/clusters/lab/nodes')).json(), { nodes: [] });
    fixture.agents.setConnected('control-plane-1', false);
    assert.equal((await get(fixture, '/clusters/lab/nodes')).json<Problem>().code, 'node-not-connected');

    const problem = {
      code: 'command-failed',
      title: '',
      tried: '',
      reason: 'connection refused',
      remedy: 'wait',
      retryable: true,
      evidence: [],
      faults: [],
    };
    const failure: OperationOutcome = { kind: 'failure', problem, startedAt: 0, finishedAt: 0, commandMs: 0 };
    const broken = await createLabApi({
      behave: ({ call }) => (call.name === 'list-cluster-nodes' ? failure : undefined),
    });
    const answer = await get(broken, '/clusters/lab/nodes');
    assert.deepEqual([answer.statusCode, answer.json<Problem>().code], [502, 'operation-failed']);
    assert.match(answer.body, /connection refused/);
  });
});
