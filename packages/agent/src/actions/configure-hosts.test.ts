import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { configureHosts } from './configure-hosts.ts';

const params = { entries: [{ address: '10.0.12.2', names: ['cluster-endpoint', 'k8s-master'] }] };

test('lines of others stay byte for byte, and the file keeps its mode', async () => {
  const content = '127.0.0.1\tlocalhost  # by hand\r\n\n::1 localhost';
  const host = createFakeHost({ files: { '/etc/hosts': { content, mode: 0o640 } } });
  const context = createActionContext(host);
  const found = await configureHosts.inspect(context, params);
  const diff = [
    '--- /etc/hosts',
    '+++ /etc/hosts',
    '@@ -1,3 +1,6 @@',
    '+# BEGIN drover',
    '+10.0.12.2 cluster-endpoint k8s-master',
    '+# END drover',
    ' 127.0.0.1\tlocalhost  # by hand\r',
    ' ',
    ' ::1 localhost',
    '\\ No newline at end of file',
    '',
  ].join('\n');
  assert.deepEqual(found.changes, [
    { subject: 'file /etc/hosts', before: '', after: '10.0.12.2 cluster-endpoint k8s-master', diff },
  ]);
  await configureHosts.apply(context, params, found);
  const block = '# BEGIN drover\n10.0.12.2 cluster-endpoint k8s-master\n# END drover\n';
  assert.deepEqual(host.files.get('/etc/hosts'), { content: `${block}${content}`, mode: 0o640 });
});

test('a name that the image maps to the loopback address is answered by our line', async () => {
  const host = createFakeHost({ files: { '/etc/hosts': '127.0.0.1 cluster-endpoint\n' } });
  const context = createActionContext(host);
  await configureHosts.apply(context, params, await configureHosts.inspect(context, params));
  const [first] = (host.files.get('/etc/hosts')?.content ?? '')
    .split('\n')
    .filter((line) => line.includes('cluster-endpoint'));
  assert.equal(first, '10.0.12.2 cluster-endpoint k8s-master');
});

test('marks that do not pair stop the action before it writes', async () => {
  const host = createFakeHost({ files: { '/etc/hosts': '# BEGIN drover\n10.0.0.1 x\n' } });
  await assert.rejects(configureHosts.inspect(createActionContext(host), params), { code: 'file-malformed' });
});

test('all faults of the entries are reported at once', async () => {
  const wrong = {
    entries: [
      { address: '10.0.0', names: ['Upper'] },
      { address: '10.0.0.1', names: [] },
    ],
  };
  await assert.rejects(configureHosts.inspect(createActionContext(createFakeHost()), wrong), (error) => {
    assert.ok(error instanceof Error && 'problem' in error);
    assert.match(JSON.stringify(error.problem), /entries\[0\]\.address.*entries\[0\]\.names\[0\].*entries\[1\]\.names/);
    return true;
  });
});
