import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { serveEndpoint } from './serve-endpoint.ts';

const manifest = (image: string): string =>
  JSON.stringify({
    kind: 'Pod',
    metadata: { name: 'haproxy', namespace: 'kube-system' },
    spec: { hostNetwork: true, containers: [{ name: 'haproxy', image }] },
  });

const params = {
  pods: [{ name: 'haproxy', manifest: manifest('haproxy:2.6') }],
  files: [
    { name: 'haproxy.cfg', content: 'defaults\n', executable: false },
    { name: 'check.sh', content: '#!/bin/sh\n', executable: true },
  ],
};
const manifestPath = '/etc/kubernetes/manifests/drover-endpoint-haproxy.yaml';

function fixture(files: Readonly<Record<string, string>> = {}) {
  const host = createFakeHost({ files });
  return { host, context: createActionContext(host) };
}

suite('serving the endpoint', () => {
  test('writes the files, then the pods that mount them, each for those who need it', async () => {
    const { host, context } = fixture();
    const found = await serveEndpoint.inspect(context, params);
    assert.deepEqual(
      found.changes.map(({ subject, before }) => [subject, before]),
      [
        ['file /etc/kubernetes/drover-endpoint/haproxy.cfg', 'absent'],
        ['file /etc/kubernetes/drover-endpoint/check.sh', 'absent'],
        [`file ${manifestPath}`, 'absent'],
      ],
    );
    await serveEndpoint.apply(context, params, found);
    assert.equal((await serveEndpoint.inspect(context, params)).satisfied, true);
    assert.equal((await host.status('/etc/kubernetes/drover-endpoint/check.sh'))?.mode, 0o755);
    assert.equal((await host.status(manifestPath))?.mode, 0o600);
  });

  test('takes away what an earlier endpoint left, and nothing of kubeadm’s', async () => {
    const { host, context } = fixture({
      '/etc/kubernetes/manifests/kube-apiserver.yaml': 'kubeadm’s',
      '/etc/kubernetes/manifests/drover-endpoint-kube-vip.yaml': 'ours',
      '/etc/kubernetes/drover-endpoint/keepalived.conf': 'ours',
    });
    const found = await serveEndpoint.inspect(context, params);
    await serveEndpoint.apply(context, params, found);
    assert.equal((await serveEndpoint.inspect(context, params)).satisfied, true);
    assert.equal(await host.readFile('/etc/kubernetes/manifests/kube-apiserver.yaml'), 'kubeadm’s');
    assert.equal(await host.readFile('/etc/kubernetes/manifests/drover-endpoint-kube-vip.yaml'), undefined);
    assert.equal(await host.readFile('/etc/kubernetes/drover-endpoint/keepalived.conf'), undefined);
  });

  test('is no way to write any other file, or to run any other pod', async () => {
    const { context } = fixture();
    const other = JSON.stringify({ kind: 'Pod', metadata: { name: 'x', namespace: 'default' }, spec: {} });
    const faulty = {
      pods: [
        { name: '../x', manifest: manifest('x') },
        { name: 'x', manifest: other },
        { name: 'y', manifest: 'no JSON' },
      ],
      files: [{ name: '../../etc/passwd', content: '', executable: false }],
    };
    await assert.rejects(
      serveEndpoint.inspect(context, faulty),
      (error: { problem: { faults: { path: string }[] } }) => {
        assert.deepEqual(
          error.problem.faults.map(({ path }) => path),
          ['pods[0].name', 'pods[1].manifest', 'pods[2].manifest', 'files[0].name'],
        );
        return true;
      },
    );
  });
});
