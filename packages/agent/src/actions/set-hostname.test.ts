import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { setHostname } from './set-hostname.ts';

async function inspect(files: Readonly<Record<string, string>>) {
  const context = createActionContext(createFakeHost({ files }));
  return await setHostname.inspect(context, { hostname: 'worker-1' });
}

test('a name that only the running system has would be lost at a reboot', async () => {
  const { changes } = await inspect({ '/etc/hostname': 'localhost\n', '/proc/sys/kernel/hostname': 'worker-1\n' });
  assert.deepEqual(changes, [{ subject: 'file /etc/hostname', before: 'localhost', after: 'worker-1' }]);
});

test('a name that only the file has is not in effect yet', async () => {
  const { changes } = await inspect({ '/etc/hostname': 'worker-1\n', '/proc/sys/kernel/hostname': 'localhost\n' });
  assert.deepEqual(
    changes.map(({ subject }) => subject),
    ['host name of the running system'],
  );
});

test('a machine without the file has no name that lasts', async () => {
  assert.equal((await inspect({ '/proc/sys/kernel/hostname': 'worker-1\n' })).satisfied, false);
});
