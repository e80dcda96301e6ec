import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineBench, type StepSketch, sketchPlan } from '../testing/engine-bench.ts';
import { failed, inspected } from '../testing/fake-agents.ts';

const join: StepSketch = {
  id: 'join',
  node: 'node-2',
  call: {
    name: 'join-node',
    params: { nodeName: 'node-2', kubeadmConfig: '', ignoredPreflightErrors: [], sealedCredentials: Buffer.alloc(0) },
  },
  minted: {
    node: 'node-1',
    call: {
      name: 'mint-join-credentials',
      params: { nodeName: 'node-2', ttlMs: 1, recipientCertificate: '', recipientNodeId: '', recipientIncarnation: 0 },
    },
  },
};

test('a node that has joined costs one look at it: no credentials are minted, nothing is run', async () => {
  const bench = createEngineBench({ behave: () => inspected(true) });
  const engine = await bench.startEngine();
  const { runId } = await engine.start(sketchPlan([join]));
  const run = await bench.untilEnded(runId);
  assert.equal(run.state, 'succeeded');
  assert.equal(run.summary?.changedSteps, 0);
  const sent = bench.agents.sent.map(({ node, request }) => [node, request.mode, request.call.name]);
  assert.deepEqual(sent, [['node-2', 'inspect', 'join-node']]);
});

test('a node that cannot be looked at gets no credentials', async () => {
  const bench = createEngineBench({ behave: () => failed(false, 'foreign-cluster') });
  const engine = await bench.startEngine();
  const { runId } = await engine.start(sketchPlan([join]));
  assert.equal((await bench.untilEnded(runId)).problem?.code, 'foreign-cluster');
  assert.equal(
    bench.agents.sent.some(({ request }) => request.call.name === 'mint-join-credentials'),
    false,
  );
});
