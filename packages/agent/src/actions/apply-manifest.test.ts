import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost, type FakeReply } from '../testing/fake-host.ts';
import { applyManifest } from './apply-manifest.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';

const params = { name: 'network', manifest: 'kind: Namespace\n' };

function inspect(reply: FakeReply) {
  const kubectl = ({ args }: { readonly args: readonly string[] }) => (args.includes('--raw=/readyz') ? 'ok' : reply);
  const host = createFakeHost({ files: { [adminKubeconfig]: '' }, programs: { kubectl } });
  return applyManifest.inspect(createActionContext(host), params);
}

test('the objects that kubectl finds different are the changes', async () => {
  const stdout = [
    'diff -u -N /tmp/LIVE-123/apps.v1.DaemonSet.kube-system.network /tmp/MERGED-9/apps.v1.DaemonSet.kube-system.network',
    '--- /tmp/LIVE-123/apps.v1.DaemonSet.kube-system.network\t2026-01-01',
    '@@ -1,3 +1,4 @@',
    '-diff is only a word here',
    'diff -u -N /tmp/LIVE-123/v1.Namespace..net /tmp/MERGED-9/v1.Namespace..net',
    '@@ -0,0 +1,4 @@',
  ].join('\n');
  const { satisfied, changes } = await inspect({ status: 1, stdout });
  assert.equal(satisfied, false);
  assert.deepEqual(
    changes.map(({ subject, before }) => [subject, before]),
    [
      ['object apps.v1.DaemonSet.kube-system.network', 'differs from the manifest'],
      ['object v1.Namespace..net', 'absent'],
    ],
  );
});

test('no difference is satisfied', async () => {
  assert.deepEqual(await inspect(''), { satisfied: true, changes: [] });
});

test('a manifest that brings its own namespace cannot be compared before it is applied, and that is no error', async () => {
  const { satisfied, changes } = await inspect({
    status: 2,
    stderr: 'Error from server (NotFound): namespaces "net" not found\n',
  });
  assert.equal(satisfied, false);
  assert.match(changes[0]?.before ?? '', /namespaces "net" not found/);
});
