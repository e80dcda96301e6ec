import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EtcdMembers } from '@drover/proto';
import { Value } from 'typebox/value';
import { createActionContext, createInstantClock } from '../testing/action-context.ts';
import { createFakeEtcd, etcdProgram } from '../testing/etcd-program.ts';
import { createFakeHost, type FakeProgram } from '../testing/fake-host.ts';
import { listEtcdMembers } from './list-etcd-members.ts';
import { snapshotEtcd } from './snapshot-etcd.ts';

const folder = '/var/lib/drover-agent/etcd-snapshots';
const params = { name: 'before-a-change', keep: 2 };
const nothing = { satisfied: false, changes: [] };

function setUp({ saved = 7, container = 'abc', older = [] as readonly string[] } = {}) {
  const docker: FakeProgram = ({ args, files, change }) => {
    if (args[0] === 'ps') return container;
    if (args.includes('status')) return JSON.stringify({ revision: saved, totalKey: 3, totalSize: 100 });
    change();
    files.set('/var/lib/etcd/drover-snapshot.db', { content: 'data', mode: 0o644 });
    return '';
  };
  const chmod: FakeProgram = ({ args: [mode = '', path = ''], files, change }) => {
    change();
    const file = files.get(path);
    if (file !== undefined) files.set(path, { ...file, mode: Number.parseInt(mode, 8) });
    return '';
  };
  const mv: FakeProgram = ({ args: [, from = '', to = ''], files, change }) => {
    change();
    const file = files.get(from);
    if (file !== undefined) files.set(to, file);
    files.delete(from);
    return '';
  };
  const curl = () => JSON.stringify({ header: { revision: '7' } });
  const host = createFakeHost({
    files: Object.fromEntries(older.map((name) => [`${folder}/${name}`, ''])),
    programs: { docker, curl, chmod, mv, mkdir: () => '' },
  });
  return { host, context: createActionContext(host, { clock: createInstantClock(Date.UTC(2026, 0, 2)) }) };
}

test('a snapshot is kept under its time and name for root alone, and the oldest are removed', async () => {
  const older = ['20250101T000000Z-a.db', '20250102T000000Z-b.db', '20250103T000000Z-c.db.part'];
  const { host, context } = setUp({ older });
  const changes = await snapshotEtcd.apply(context, params, nothing);
  assert.deepEqual(await host.listDirectory(folder), ['20250102T000000Z-b.db', '20260102T000000Z-before-a-change.db']);
  assert.equal(host.files.get(`${folder}/20260102T000000Z-before-a-change.db`)?.mode, 0o600);
  assert.match(changes?.[0]?.after ?? '', /revision 7, 3 keys/);
});

test('a snapshot that is older than what etcd had before is none', async () => {
  const { host, context } = setUp({ saved: 6 });
  await assert.rejects(snapshotEtcd.apply(context, params, nothing), { code: 'snapshot-failed' });
  assert.deepEqual(await host.listDirectory(folder), []);
});

test('where no etcd runs nothing is saved', async () => {
  const { context } = setUp({ container: '' });
  await assert.rejects(snapshotEtcd.apply(context, params, nothing), { code: 'snapshot-failed' });
});

test('the members are listed with which of them answer', async () => {
  const etcd = createFakeEtcd({ answering: ['127.0.0.1', '10.0.0.1', '10.0.0.3'], alarms: ['NOSPACE'] });
  const context = createActionContext(createFakeHost({ programs: { curl: etcdProgram(etcd) } }));
  const answer = await listEtcdMembers.answer(context, {});
  const { members, alarms } = Value.Parse(EtcdMembers, answer);
  assert.deepEqual(
    members.map(({ name, healthy }) => [name, healthy]),
    [
      ['control-plane-1', true],
      ['control-plane-2', false],
      ['control-plane-3', true],
    ],
  );
  assert.deepEqual(alarms, ['NOSPACE of 1']);
});

test('without a quorum the members are those that the asked one remembers, and none of them answers', async () => {
  const etcd = createFakeEtcd({ answering: ['127.0.0.1', '10.0.0.1'], alarms: ['NOSPACE'] });
  const context = createActionContext(createFakeHost({ programs: { curl: etcdProgram(etcd) } }));
  const { members, alarms } = Value.Parse(EtcdMembers, await listEtcdMembers.answer(context, {}));
  assert.deepEqual(
    members.map(({ name, healthy }) => [name, healthy]),
    [
      ['control-plane-1', false],
      ['control-plane-2', false],
      ['control-plane-3', false],
    ],
  );
  assert.deepEqual(alarms, []);
});
