import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { until } from '../integration/until.ts';
import { drover, droverJson, kubectl, latestRun, npm, onHost, type RunDocument } from './quick-start.ts';
import { bootstrapTokenTraces } from './token-traces.ts';

const worker = 'worker-1';
const rejoinMs = 6 * 60_000;
let folder = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
  await npm('run', 'lab', '--', 'down');
  const started = await npm('start');
  assert.equal(started.exitCode, 0, started.all.slice(-4_000));
  await writeUserData(worker);
  // The rest comes from the cluster file; this is what people do to a Node by hand.
  await kubectl('label', 'node', worker, 'rack=7');
  await kubectl('annotate', 'node', worker, 'example.org/owner=storage');
  await kubectl('taint', 'node', worker, 'example.org/slow=disk:PreferNoSchedule');
});

after(async () => {
  await npm('run', 'lab', '--', 'down');
  await rm(folder, { recursive: true, force: true });
});

test('a worker whose disk is thrown away is a Ready node again by itself, as it was and as another Node', async () => {
  const former = await nodeObject();
  const startedAtMs = performance.now();
  await reimage();
  const present = await untilBack(former.uid);
  console.log('reimage of a worker', { tookMs: performance.now() - startedAtMs });
  assert.equal(present.machineId, (await onHost(worker, 'cat', '/etc/machine-id')).trim());
  assert.equal(present.bootId, (await onHost(worker, 'cat', '/proc/sys/kernel/random/boot_id')).trim());
  const { run } = await untilRejoined(1);
  await untilAsBefore(former);
  assert.ok(run.summary);
  console.log('orchestration overhead of a rejoin', run.summary);
  // About a second on a quiet machine; the bound is for a busy one, on which everything takes as many times as long.
  assert.ok(run.summary.overheadMs <= run.summary.wallMs * 0.2, JSON.stringify(run.summary));
});

test('a second reimage in the middle of the rejoin ends as well', async () => {
  const former = await nodeObject();
  await reimage();
  await until(
    () => 'the former Node to be deleted',
    async () => (await kubectl('get', 'nodes', '-o', 'name')).split('\n').every((name) => name !== `node/${worker}`),
    rejoinMs,
  );
  await reimage();
  await untilBack(former.uid);
  const { run } = await untilRejoined(2);
  await untilAsBefore(former);
  assert.equal(run.state, 'succeeded');
});

test('a node leaves its cluster drained and reset, and joins again when the file is applied', async () => {
  await kubectl('create', 'deployment', 'idle', '--image=nowhere.example/idle', '--replicas=2');
  const { exitCode, all } = await drover('nodes', 'remove', 'worker-2');
  assert.equal(exitCode, 0, all);
  assert.equal((await kubectl('get', 'nodes', '-o', 'name')).includes('worker-2'), false);
  const left =
    'find /etc/kubernetes/kubelet.conf /etc/kubernetes/pki/ca.crt /etc/cni/net.d -type f 2>/dev/null || true';
  assert.equal(await onHost('worker-2', 'sh', '-c', left), '');
  const again = await drover('run', 'lab');
  assert.equal(again.exitCode, 0, again.all);
  assert.match(await kubectl('get', 'node', 'worker-2', '--no-headers'), / Ready /);
});

test('no join credential is left in database, logs, journals or process list', async () => {
  assert.deepEqual(await bootstrapTokenTraces(), []);
});

test('the only control-plane node comes back as nothing: somebody approves, and no cluster is initialised again', async () => {
  const controlPlane = 'control-plane-1';
  await writeUserData(controlPlane);
  await reimage(controlPlane);
  let claim: ClaimDocument | undefined;
  await until(
    () => `a claim of ${controlPlane} to wait for somebody`,
    async () => {
      const claims = await droverJson<readonly ClaimDocument[]>('get', 'claims');
      claim = claims.find(({ node, state }) => node === controlPlane && state === 'pending');
      return claim !== undefined;
    },
    rejoinMs,
  );
  const { exitCode, all } = await drover('claims', 'approve', claim?.claimId ?? '');
  assert.equal(exitCode, 0, all);
  let problem: string | undefined;
  await until(
    () => `the rejoin of ${controlPlane} to be blocked`,
    async () => {
      const nodes = await droverJson<readonly NodeWithRejoin[]>('get', 'nodes');
      const { rejoin } = nodes.find(({ name }) => name === controlPlane) ?? {};
      problem = rejoin?.problem?.code;
      return rejoin?.state === 'blocked';
    },
    rejoinMs,
  );
  assert.equal(problem, 'control-plane-lost');
  const applied = await drover('run', 'lab');
  assert.match(applied.all, /control-plane-lost/);
  assert.equal(await onHost(controlPlane, 'sh', '-c', 'ls /etc/kubernetes 2>/dev/null || true'), '');
});

interface ClaimDocument {
  readonly claimId: string;
  readonly node?: string;
  readonly state: string;
}

interface NodeWithRejoin {
  readonly name: string;
  readonly rejoin?: { readonly state: string; readonly problem?: { readonly code: string } };
}

async function writeUserData(name: string): Promise<void> {
  const { exitCode, all } = await drover(
    ...['enroll', 'snippet', name, '--format', 'cloud-init', '--out', join(folder, name)],
  );
  assert.equal(exitCode, 0, all);
}

/** Nothing of this asks Drover for anything. */
async function reimage(name = worker): Promise<void> {
  const { exitCode, all } = await npm(...['run', 'lab', '--', 'reimage', name, '--user-data', join(folder, name)]);
  assert.equal(exitCode, 0, all);
}

interface NodeObject {
  readonly uid: string;
  readonly isReady: boolean;
  readonly machineId: string;
  readonly bootId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
}

/** Throws where there is none. */
async function nodeObject(): Promise<NodeObject> {
  const { metadata, spec, status } = JSON.parse(await kubectl('get', 'node', worker, '-o', 'json')) as NodeDocument;
  return {
    uid: metadata.uid,
    isReady: status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
    machineId: status.nodeInfo.machineID,
    bootId: status.nodeInfo.bootID,
    labels: metadata.labels,
    annotations: metadata.annotations,
    taints: (spec.taints ?? []).map(({ key, value = '', effect }) => `${key}=${value}:${effect}`).toSorted(),
  };
}

interface NodeDocument {
  readonly metadata: Pick<NodeObject, 'uid' | 'labels' | 'annotations'>;
  readonly spec: {
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
    readonly nodeInfo: { readonly machineID: string; readonly bootID: string };
  };
}

/** What people and the cluster file have put on it; the rest is what the cluster itself says of its condition. */
function whatIsKept({ labels, annotations, taints }: NodeObject): object {
  const { 'node.alpha.kubernetes.io/ttl': _ttl, ...kept } = annotations;
  return { labels, annotations: kept, taints: taints.filter((taint) => !taint.startsWith('node.kubernetes.io/')) };
}

async function untilBack(formerUid: string): Promise<NodeObject> {
  let present: NodeObject | undefined;
  await until(
    () => `${worker} to be a Ready Node other than ${formerUid}: ${JSON.stringify(present)}`,
    async () => {
      present = await nodeObject().catch(() => undefined);
      return present !== undefined && present.isReady && present.uid !== formerUid;
    },
    rejoinMs,
  );
  assert.ok(present);
  return present;
}

/** A Node can be Ready a moment before it has all that its former self had. */
async function untilAsBefore(former: NodeObject): Promise<void> {
  let kept = {};
  await until(
    () => `${worker} to have ${JSON.stringify(whatIsKept(former))}; it has ${JSON.stringify(kept)}`,
    async () => {
      kept = whatIsKept(await nodeObject());
      return isDeepStrictEqual(kept, whatIsKept(former));
    },
    30_000,
  );
}

/** The newest run, when so many rejoins have succeeded. */
async function untilRejoined(count: number): Promise<RunDocument> {
  await until(
    () => `${count} rejoins to have succeeded`,
    async () => {
      const runs = await droverJson<readonly { workflow: string; state: string }[]>('get', 'runs');
      return runs.filter((run) => run.workflow === 'rejoin-node' && run.state === 'succeeded').length === count;
    },
    rejoinMs,
  );
  return await latestRun();
}
