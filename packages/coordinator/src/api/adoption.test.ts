import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ActionCall, Facts } from '@drover/proto';
import type { OperationOutcome } from '../sessions/sessions.ts';
import { createApiFixture } from '../testing/api-fixture.ts';
import {
  exampleCaHash,
  exampleKubeadm,
  exampleMember,
  exampleObject,
  type MemberChanges,
  memberFacts,
} from '../testing/example-survey.ts';

const members: readonly MemberChanges[] = [
  { name: 'master', index: 0, controlPlane: true },
  { name: 'worker', index: 1 },
];

/** What a test changes of the cluster while it runs. */
interface Made {
  kubeadm: typeof exampleKubeadm;
  objects: ReturnType<typeof exampleObject>[];
  readonly facts: Map<string, Facts>;
}

/** An API over a cluster that somebody has made; `asked` are the names of the actions that its agents were sent. */
async function fixtureOf() {
  const made: Made = {
    kubeadm: exampleKubeadm,
    objects: members.map((each) => exampleObject(each)),
    facts: new Map(members.map((each) => [each.name, memberFacts(each)])),
  };
  const asked: string[] = [];
  const answer = (node: string, { name }: ActionCall): unknown => {
    const member = members.find((each) => each.name === node);
    assert.ok(member);
    if (name === 'gather-facts') return made.facts.get(node);
    if (name === 'read-kubeadm-cluster') return made.kubeadm;
    if (name === 'list-cluster-nodes') return { nodes: made.objects };
    return name === 'read-host-configuration' ? exampleMember(member).configuration : undefined;
  };
  const fixture = await createApiFixture({
    names: members.map(({ name }) => name),
    behave: ({ node, call }): OperationOutcome | undefined => {
      asked.push(call.name);
      const document = answer(node, call);
      const times = { startedAt: 0, finishedAt: 0, commandMs: 0 };
      return document === undefined ? undefined : { kind: 'answer', document, ...times };
    },
  });
  const call = async (method: 'POST' | 'PUT', path: string, body: unknown) => {
    const headers = { authorization: fixture.authorization, 'content-type': 'application/json' };
    const payload = JSON.stringify(body);
    const reply = await fixture.api.inject({ method, url: `/api/v1${path}`, headers, payload });
    return { status: reply.statusCode, body: reply.json<Record<string, unknown>>() };
  };
  const adopt = async (more: Record<string, unknown> = {}) => await call('POST', '/adoption', { name: 'old', ...more });
  const birth = async () => (await fixture.dependencies.births.get('old')).birth;
  return { ...fixture, made, asked, call, adopt, birth };
}

suite('a cluster that Drover did not make', () => {
  test('is proposed from queries alone, and nothing is stored', async () => {
    const { adopt, asked, dependencies, close } = await fixtureOf();
    const { status, body } = await adopt();
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(Object.keys(body), ['document', 'notes']);
    assert.deepEqual(
      new Set(asked),
      new Set(['gather-facts', 'read-kubeadm-cluster', 'list-cluster-nodes', 'read-host-configuration']),
    );
    assert.deepEqual(await dependencies.clusters.list(), []);
    await close();
  });

  test('is not proposed where Drover could not look after it, with every reason', async () => {
    const { adopt, made, close } = await fixtureOf();
    made.kubeadm = { ...exampleKubeadm, externalEtcd: true };
    const [master, worker] = members.map((each) => exampleObject(each));
    assert.ok(master && worker);
    made.objects = [
      { ...master, name: 'master.example' },
      { ...worker, containerRuntime: 'containerd://1.6.20' },
    ];
    const { status, body } = await adopt();
    assert.deepEqual([status, body['code']], [409, 'adoption-refused']);
    const reasons = (body['faults'] as { message: string }[]).map(({ message }) => message);
    assert.match(reasons[0] ?? '', /its etcd is not on the control-plane nodes/);
    assert.match(reasons[1] ?? '', /master: its Node is called master\.example: enrol the machine under that name/);
    assert.match(reasons[2] ?? '', /worker: its runtime is containerd/);
    await close();
  });

  test('is not proposed for a node that is not known, or that is not connected', async () => {
    const { adopt, agents, close } = await fixtureOf();
    assert.equal((await adopt({ nodes: ['master', 'absent'] })).body['code'], 'not-found');
    agents.setConnected('worker', false);
    assert.equal((await adopt({ nodes: ['master', 'worker'] })).body['code'], 'node-not-connected');
    await close();
  });

  test('is born once it is stored, and has no second init when its control plane is gone from the disk', async () => {
    const { adopt, call, birth, made, close } = await fixtureOf();
    const { document } = (await adopt()).body;
    assert.equal(await birth(), undefined);
    assert.equal((await call('PUT', '/clusters/old', document)).status, 201);
    const { node, caHash, confirmedAt, runId } = (await birth()) ?? {};
    assert.deepEqual([node, caHash, runId], ['master', exampleCaHash, undefined]);
    assert.ok(confirmedAt);
    made.facts.set('master', bareFacts());
    assert.equal((await call('POST', '/clusters/old/plan', '')).body['code'], 'control-plane-lost');
    await close();
  });

  test('would have had one, had it been stored when nothing showed it', async () => {
    const { adopt, call, birth, made, close } = await fixtureOf();
    const { document } = (await adopt()).body;
    made.facts.set('master', bareFacts());
    await call('PUT', '/clusters/old', document);
    assert.equal(await birth(), undefined);
    const plan = (await call('POST', '/clusters/old/plan', '')).body;
    assert.notEqual(plan['code'], 'control-plane-lost');
    await close();
  });

  test('is stored all the same when the node that shows it does not answer', async () => {
    const { adopt, call, birth, agents, close } = await fixtureOf();
    const { document } = (await adopt()).body;
    agents.setConnected('master', false);
    assert.equal((await call('PUT', '/clusters/old', document)).status, 201);
    assert.equal(await birth(), undefined);
    agents.setConnected('master', true);
    assert.equal((await call('PUT', '/clusters/old', document)).body['change'], 'unchanged');
    assert.equal((await birth())?.node, 'master');
    await close();
  });

  test('is not taken for another one that is to be made on a machine of it', async () => {
    const { adopt, call, birth, close } = await fixtureOf();
    const document = (await adopt()).body['document'] as { spec: { controlPlaneEndpoint: { host: string } } };
    document.spec.controlPlaneEndpoint.host = 'another.example';
    assert.equal((await call('PUT', '/clusters/old', document)).status, 201);
    assert.equal(await birth(), undefined);
    await close();
  });
});

function bareFacts(): Facts {
  const facts = memberFacts({ name: 'master', index: 0 });
  const membership = { kubeletConfigured: false, controlPlane: false, etcdData: false, apiServer: null, caHash: null };
  return { ...facts, membership };
}
