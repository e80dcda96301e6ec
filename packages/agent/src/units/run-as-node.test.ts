import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { generateKeyPair, ManualClock, Secret, seal } from '@drover/core';
import type { ActionCall } from '@drover/proto';
import type { ActionRegistry } from '../actions/action.ts';
import { probes } from '../actions/probe.ts';
import type { AgentIdentity } from '../enrollment/agent-identity.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { createMemoryLock } from '../testing/memory-lock.ts';
import { runAsNode } from './run-as-node.ts';

const keys = generateKeyPair();
const identity: AgentIdentity = {
  ...{ nodeId: 'node-1', incarnation: 1, nodeName: 'node-1', tokenId: 'token', certificate: '', caCertificate: '' },
  keys,
  isConfirmed: true,
};

/** What an action that joins reads from credentials that another action has minted for this node. */
async function read(joins: 'join-node' | 'join-control-plane', mintedBy: string): Promise<string> {
  const plaintext = new Secret('the credentials');
  const sealed = await seal({ recipientPublicKey: keys.publicKey, info: `drover/v1/${mintedBy}`, plaintext });
  let opened = '';
  const action = {
    ...{
      kind: 'ensure',
      guarded: true,
      name: joins,
      aim: () => 'join',
      describe: () => [],
      run: async () => undefined,
    },
    probe: async (context: { readonly open: (bytes: Uint8Array) => Promise<Secret> }) => {
      opened = (await context.open(sealed)).reveal();
      return probes.done('it has joined', []);
    },
  };
  const result = await runAsNode(
    {
      host: createFakeHost(),
      clock: new ManualClock(0),
      registry: { [joins]: action } as unknown as ActionRegistry,
      ...{ seal, randomBytes, machineLock: createMemoryLock(), stateDirectory: '/state', runtimeDirectory: '/run' },
      identities: { load: async () => identity, save: async () => undefined, confirm: async () => undefined } as never,
    },
    { operationId: 'a', mode: 'RUN', call: { name: joins, params: {} } as ActionCall, timeoutMs: 60_000 },
    { log: () => undefined, reportWaiting: () => undefined, signal: new AbortController().signal },
  );
  return opened === '' ? JSON.stringify(result) : opened;
}

suite('what is sealed to a node', () => {
  test('is opened by the action that it was minted for', async () => {
    assert.equal(await read('join-node', 'mint-join-credentials'), 'the credentials');
    assert.equal(await read('join-control-plane', 'mint-control-plane-credentials'), 'the credentials');
  });

  test('is opened by no other', async () => {
    assert.match(await read('join-node', 'mint-control-plane-credentials'), /sealed-for-another/);
    assert.match(await read('join-control-plane', 'mint-join-credentials'), /sealed-for-another/);
  });
});

test('a machine that is nobody yet looks at itself, and does nothing else', async () => {
  const done = async (name: 'gather-facts' | 'list-cluster-nodes') => {
    const query = { kind: 'query', name, answer: async () => ({ looked: true }) };
    const result = await runAsNode(
      {
        host: createFakeHost(),
        clock: new ManualClock(0),
        registry: { [name]: query } as unknown as ActionRegistry,
        ...{ seal, randomBytes, machineLock: createMemoryLock(), stateDirectory: '/state', runtimeDirectory: '/run' },
        identities: { load: () => Promise.resolve(undefined) } as never,
      },
      { operationId: 'a', mode: 'RUN', call: { name, params: {} }, timeoutMs: 60_000 },
      { log: () => undefined, reportWaiting: () => undefined, signal: new AbortController().signal },
    );
    return result.answer?.json ?? result.failure?.code;
  };
  assert.equal(await done('gather-facts'), '{"looked":true}');
  assert.equal(await done('list-cluster-nodes'), 'identity-unusable');
});
