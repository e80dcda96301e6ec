import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEngineBench, type StepSketch, sketchPlan } from '../testing/engine-bench.ts';
import { completed, failed, inspected } from '../testing/fake-agents.ts';

const join: StepSketch = {
  id: 'join',
  node: 'node-2',
  call: {
    name: 'join-node',
    params: {
      nodeName: 'node-2',
      kubeadmConfig: '',
      ignoredPreflightErrors: [],
      patches: [],
      sealedCredentials: Buffer.alloc(0),
      caHash: '',
    },
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

test('a control plane that joins is given its own kind of credentials, made for exactly its present identity', async () => {
  const bench = createEngineBench({
    behave: ({ call, request }) => {
      if (request.mode === 'inspect') return inspected(false);
      if (call.name === 'join-control-plane') return completed();
      return { kind: 'minted', sealed: Buffer.from('sealed'), startedAt: 0, finishedAt: 0, commandMs: 0 };
    },
  });
  const engine = await bench.startEngine();
  const params = { nodeName: 'node-2', kubeadmConfig: '', ignoredPreflightErrors: [], patches: [] };
  const recipient = { recipientCertificate: '', recipientNodeId: '', recipientIncarnation: 0 };
  const step: StepSketch = {
    ...{ id: 'join', node: 'node-2' },
    call: { name: 'join-control-plane', params: { ...params, sealedCredentials: Buffer.alloc(0), caHash: '' } },
    minted: {
      node: 'node-1',
      call: {
        name: 'mint-control-plane-credentials',
        params: { ...recipient, nodeName: 'node-2', ttlMs: 1, peerAddress: '10.0.0.2', kubeadmConfig: '' },
      },
    },
  };
  const { runId } = await engine.start(sketchPlan([step]));
  assert.equal((await bench.untilEnded(runId)).state, 'succeeded');
  const [, minted, joined] = bench.agents.sent.map(({ request }) => request.call.params as Record<string, unknown>);
  assert.deepEqual(
    [minted?.recipientCertificate, minted?.recipientNodeId, minted?.recipientIncarnation],
    ['certificate of node-2', 'id-of-node-2', 1],
  );
  assert.equal(String(joined?.sealedCredentials), 'sealed');
});

test('while the node that mints is away, the step says that it waits for it', async () => {
  const bench = createEngineBench({ behave: ({ request }) => inspected(request.mode !== 'inspect') });
  bench.agents.setConnected('node-1', false);
  const engine = await bench.startEngine();
  const { runId } = await engine.start(sketchPlan([join]));
  await bench.pass(1_000);
  const [step] = (await engine.view(runId)).steps;
  assert.equal(step?.waiting?.on, 'node-1 to connect');
});
