import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FindingRecord, findingKey } from '../drift/finding-record.ts';
import { createApiFixture } from '../testing/api-fixture.ts';
import { exampleCluster } from '../testing/example-cluster.ts';

const finding: FindingRecord = {
  ...{ cluster: 'lab', node: 'worker-1', check: 'swap', rule: 'on', subject: '0', severity: 'warning' },
  ...{ message: 'swap is on', evidence: ['/swap'], remedy: '', fixedBy: 'disable-swap', policy: 'report' },
  ...{ since: '2026-01-01T00:00:00.000Z', lastSeenAt: '2026-01-01T01:00:00.000Z', repairs: [] },
};

test('findings are told of a cluster and of one of its nodes, and those that are over when asked for', async (t) => {
  const { api, store, authorization, dependencies, close } = await createApiFixture();
  t.after(close);
  const document = await exampleCluster();
  const cluster = document.metadata.name;
  await dependencies.clusters.create(document);
  const records = [
    { ...finding, cluster },
    { ...finding, cluster, node: 'worker-2', resolvedAt: '2026-01-01T01:00:00.000Z' },
  ];
  await store.commit(records.map((value) => ({ kind: 'put', key: findingKey(value), value })));
  const ask = async (query: string) => {
    const url = `/api/v1/clusters/${cluster}/findings${query}`;
    const { statusCode, json } = await api.inject({ method: 'GET', url, headers: { authorization } });
    assert.equal(statusCode, 200);
    return json<{ items: FindingRecord[] }>().items;
  };
  assert.deepEqual(await ask(''), [records[0]]);
  assert.deepEqual(await ask('?state=all'), records);
  assert.deepEqual(await ask('?state=all&node=worker-2'), [records[1]]);
  assert.deepEqual(await ask('?node=worker-2'), []);
});

test('of a cluster that is not there nothing is told', async (t) => {
  const { api, authorization, close } = await createApiFixture();
  t.after(close);
  const url = '/api/v1/clusters/absent/findings';
  assert.equal((await api.inject({ method: 'GET', url, headers: { authorization } })).statusCode, 404);
});

test('each change is told as it happens, after what stands already', async (t) => {
  const { api, store, authorization, dependencies, close } = await createApiFixture();
  t.after(close);
  const document = await exampleCluster();
  const cluster = document.metadata.name;
  await dependencies.clusters.create(document);
  const put = (value: FindingRecord) => store.commit([{ kind: 'put', key: findingKey(value), value }]);
  await put({ ...finding, cluster });
  const address = await api.listen({ host: '127.0.0.1', port: 0 });
  const ending = new AbortController();
  const { signal } = ending;
  const answer = await fetch(`${address}/api/v1/clusters/${cluster}/findings/events`, {
    headers: { authorization },
    signal,
  });
  let text = '';
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes('"worker-2"')) break;
    if (text.includes('"worker-1"')) await put({ ...finding, cluster, node: 'worker-2' });
  }
  ending.abort();
  assert.match(text, /event: finding\ndata: .*"worker-1"[^]*event: finding\ndata: .*"worker-2"/);
});
