import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroverError } from '@drover/core';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost, type FakeReply } from '../../testing/fake-host.ts';
import { adminKubeconfig } from '../kubernetes/kubectl.ts';
import { provePlacement } from './placement.ts';
import { type Playground, withPlayground } from './playground.ts';

/** A cluster that answers by the verb and what follows it; `true` where nothing is said. */
function setUp(answer: (args: readonly string[]) => FakeReply | undefined = () => undefined) {
  const verbs: string[] = [];
  const kubectl = ({ args }: { readonly args: readonly string[] }): FakeReply => {
    const words = args.filter((arg) => !arg.startsWith('--'));
    verbs.push(words.slice(0, 3).join(' '));
    if (words.join(' ') === 'get serviceaccount default') return 'serviceaccount/default\n';
    if (args.includes('--raw=/readyz')) return 'ok';
    return answer(args) ?? '';
  };
  const host = createFakeHost({ files: { [adminKubeconfig]: '' }, programs: { kubectl } });
  const lines: string[] = [];
  const context = createActionContext(host, { log: (line) => lines.push(line) });
  const prove = (proof: (playground: Playground) => Promise<void>) =>
    withPlayground(context, { capability: 'service', image: 'busybox' }, proof);
  return { lines, prove, verbs };
}

test('the namespace is new when a proof begins, and gone when it has succeeded', async () => {
  const { prove, verbs } = setUp();
  await prove(async ({ apply }) => apply({ kind: 'Pod' }));
  assert.deepEqual(verbs, [
    'delete namespace drover-verify-service',
    'create namespace drover-verify-service',
    'get serviceaccount default',
    'apply',
    'delete namespace drover-verify-service',
  ]);
});

test('a proof that fails tells what the cluster said of the pods, and leaves no namespace either', async () => {
  const { prove, verbs } = setUp((args) =>
    args.includes('events') ? 'echo   Failed to pull image "busybox"\n' : undefined,
  );
  const proof = prove(async ({ until }) => until('the pod to run', async () => 'ContainerCreating'));
  await assert.rejects(proof, (error) => {
    assert.ok(error instanceof DroverError);
    assert.equal(error.code, 'capability-not-proved');
    assert.equal(error.problem.reason, 'waited for the pod to run: ContainerCreating');
    assert.deepEqual(error.problem.evidence, ['echo   Failed to pull image "busybox"']);
    return true;
  });
  assert.equal(verbs.at(-1), 'delete namespace drover-verify-service');
});

test('a namespace that cannot be removed does not hide why the proof failed, but fails one that succeeded', async () => {
  let deletions = 0;
  const stuck = (args: readonly string[]) =>
    args.includes('delete') && ++deletions > 1 ? { status: 1, stderr: 'timed out\n' } : undefined;
  const failing = setUp(stuck);
  await assert.rejects(
    failing.prove(async ({ disproved }) => {
      throw disproved('no answer');
    }),
    { code: 'capability-not-proved' },
  );
  assert.match(failing.lines.join('\n'), /delete namespace/);
  deletions = 0;
  await assert.rejects(
    setUp(stuck).prove(async () => undefined),
    { code: 'command-failed' },
  );
});

const condition = (status: string, message: string) => ({
  metadata: { name: 'pod' },
  spec: {},
  status: {
    conditions: [
      { type: 'PodScheduled', status, reason: 'Unschedulable', message },
      { type: 'Ready', status: 'True' },
    ],
  },
});
const nodes = {
  items: ['1930m', '4'].map((cpu) => ({
    metadata: { name: cpu, uid: cpu, resourceVersion: '1', creationTimestamp: '' },
    spec: {},
    status: { allocatable: { cpu }, nodeInfo: { kubeletVersion: '', containerRuntimeVersion: '' } },
  })),
};

function placement(large: unknown) {
  const site = setUp((args) => {
    if (args.includes('nodes')) return JSON.stringify(nodes);
    if (args.includes('--selector=app=too-large')) return JSON.stringify({ items: [large] });
    return args.includes('pods') ? JSON.stringify({ items: [condition('True', '')] }) : undefined;
  });
  return { ...site, proved: site.prove(provePlacement) };
}

test('placement is proved by the scheduler’s own reason for a pod that no node has room for', async () => {
  const { lines, proved } = placement(condition('False', '0/2 nodes are available: 2 Insufficient cpu.'));
  await proved;
  assert.deepEqual(lines, ['no node has more than 4 processors, and the scheduler keeps to that']);
});

test('placement is not proved when such a pod is placed, or waits for another reason', async () => {
  await assert.rejects(placement(condition('True', '')).proved, { code: 'capability-not-proved' });
  await assert.rejects(placement(condition('False', 'node(s) had taints')).proved, { code: 'capability-not-proved' });
});
