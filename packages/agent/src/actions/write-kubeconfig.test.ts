import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderKubeconfig } from '../host/simulated/programs/kubeadm-files.ts';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';
import { writeKubeconfig } from './write-kubeconfig.ts';

const passwd = 'root:x:0:0:root:/root:/bin/bash\nana:x:1000:1000::/home/ana:/bin/bash\n';
const admin = renderKubeconfig('https://ours:6443', 'ca', 'admin');

function setUp(files: Readonly<Record<string, string>> = {}) {
  const stat = () => 'ana 600\n';
  const host = createFakeHost({
    files: { '/etc/passwd': passwd, [adminKubeconfig]: admin, ...files },
    programs: { stat, runuser: () => '' },
  });
  return { host, context: createActionContext(host) };
}

test('the file is made by the user’s own hands: empty with its mode first, then filled from standard input', async () => {
  const { host, context } = setUp();
  await writeKubeconfig.apply(context, { user: 'ana' }, { satisfied: false, changes: [] });
  assert.deepEqual(host.commands, [
    ['runuser', '-u', 'ana', '--', 'install', '-D', '-m', '0600', '/dev/null', '/home/ana/.kube/config'],
    ['runuser', '-u', 'ana', '--', 'dd', 'of=/home/ana/.kube/config', 'status=none'],
  ]);
});

test('a kubeconfig of another cluster is not overwritten; an older one of this cluster is', async () => {
  const path = '/home/ana/.kube/config';
  const foreign = setUp({ [path]: admin.replace('ours', 'theirs') });
  await assert.rejects(writeKubeconfig.inspect(foreign.context, { user: 'ana' }), { code: 'kubeconfig-foreign' });
  const older = setUp({ [path]: admin.replace('simulated', 'older') });
  assert.equal((await writeKubeconfig.inspect(older.context, { user: 'ana' })).satisfied, false);
  const same = setUp({ [path]: admin });
  assert.equal((await writeKubeconfig.inspect(same.context, { user: 'ana' })).satisfied, true);
});

test('a user that the machine does not have is an error', async () => {
  for (const user of ['bob', '', '../root'])
    await assert.rejects(writeKubeconfig.inspect(setUp().context, { user }), { code: 'user-unknown' });
});
