import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost } from '../../testing/fake-host.ts';
import { configureCrictl } from '../configure-crictl.ts';
import { configureRuntimeProxy } from '../configure-runtime-proxy.ts';

const path = '/etc/systemd/system/docker.service.d/http-proxy.conf';
const proxy = {
  unit: 'docker.service',
  httpProxy: '',
  httpsProxy: 'http://proxy.example:3128/%7Ea',
  noProxy: ['10.0.0.0/8', '.svc'],
};

function machine(files: Record<string, string>, options = { breaks: false }) {
  const verbs: string[] = [];
  const host = createFakeHost({
    files,
    programs: {
      systemctl: ({ args: [verb = ''], change }) => {
        if (verb === 'show') return 'Id=docker.service\nActiveState=active\nUnitFileState=enabled\n';
        change();
        verbs.push(verb);
        return options.breaks ? { status: 1, stderr: 'no\n' } : '';
      },
    },
  });
  const context = createActionContext(host);
  const ensure = async (noProxy = proxy.noProxy) => {
    const params = { ...proxy, noProxy };
    const found = await configureRuntimeProxy.inspect(context, params);
    if (!found.satisfied) await configureRuntimeProxy.apply(context, params, found);
    return found;
  };
  return { host, context, ensure, verbs, options };
}

suite('a drop-in of a unit', () => {
  test('is written, told to systemd and followed by one restart; what was there is kept', async () => {
    const { host, ensure, verbs } = machine({ [path]: 'theirs\n' });
    await ensure();
    assert.equal(
      host.files.get(path)?.content,
      '[Service]\nEnvironment="HTTPS_PROXY=http://proxy.example:3128/%%7Ea"\nEnvironment="NO_PROXY=10.0.0.0/8,.svc"\n',
    );
    assert.equal(host.files.get(`${path}.before-drover`)?.content, 'theirs\n');
    assert.equal((await ensure()).satisfied, true);
    assert.deepEqual(verbs, ['daemon-reload', 'restart']);
  });

  test('that only names one node more is no reason to stop the containers of a node', async () => {
    const { host, ensure, verbs } = machine({});
    await ensure();
    await ensure([...proxy.noProxy, '10.0.0.14']);
    assert.match(host.files.get(path)?.content ?? '', /10\.0\.0\.14"$/m);
    assert.deepEqual(verbs, ['daemon-reload', 'restart', 'daemon-reload']);
  });

  test('whose restart failed is followed by one later', async () => {
    const { ensure, verbs, options } = machine({}, { breaks: true });
    await assert.rejects(ensure());
    options.breaks = false;
    assert.deepEqual(
      (await ensure()).changes.map(({ subject }) => subject),
      ['the running docker.service'],
    );
    assert.deepEqual(verbs.slice(-2), ['daemon-reload', 'restart']);
    assert.equal((await ensure()).satisfied, true);
  });
});

test('the file of crictl keeps every line but the two', async () => {
  const text = 'timeout: 10\nruntime-endpoint: "unix:///old.sock" # was\ndebug: false';
  const { host, context } = machine({ '/etc/crictl.yaml': text });
  const params = { endpoint: 'unix:///run/cri-dockerd.sock' };
  const found = await configureCrictl.inspect(context, params);
  assert.deepEqual(
    found.changes.map(({ before }) => before),
    ['unix:///old.sock', 'absent'],
  );
  await configureCrictl.apply(context, params, found);
  const content =
    'timeout: 10\nruntime-endpoint: unix:///run/cri-dockerd.sock\ndebug: false\nimage-endpoint: unix:///run/cri-dockerd.sock\n';
  assert.equal(host.files.get('/etc/crictl.yaml')?.content, content);
});
