import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroverError } from '@drover/core';
import { agentErrors } from '../../errors.ts';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost, type FakeProgram } from '../../testing/fake-host.ts';
import { redactTokens, runKubeadm } from './kubeadm.ts';

const canary = 'abcdef.0123456789abcdef';
const path = '/run/drover-agent/kubeadm.yaml';

function setUp(kubeadm: FakeProgram, files: Readonly<Record<string, string>> = {}) {
  const host = createFakeHost({ programs: { kubeadm }, files });
  const lines: string[] = [];
  const context = createActionContext(host, { log: (line) => lines.push(line) });
  const documents = [{ apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'JoinConfiguration', token: canary }];
  const options = { tried: 'join', args: ['join'], documents, timeoutMs: 1_000 };
  return { host, lines, context, options, run: () => runKubeadm(context, options) };
}

test('kubeadm reads its documents from a file for root alone, which is gone afterwards', async () => {
  let seen: { content: string; mode: number } | undefined;
  const { host, run } = setUp(({ files }) => {
    seen = files.get(path);
    return '';
  });
  await run();
  assert.equal(seen?.mode, 0o600);
  assert.match(seen.content, /abcdef\.0123456789abcdef/);
  assert.equal(host.files.has(path), false);
  assert.doesNotMatch(JSON.stringify(host.commands), /0123456789abcdef/);
});

test('a failure tells kubeadm’s last lines without the token, and leaves no file', async () => {
  const { host, lines, run } = setUp(() => ({ status: 1, stderr: `error: token ${canary} is not valid\n` }));
  await assert.rejects(run(), (error) => {
    assert.ok(error instanceof DroverError);
    assert.equal(error.code, 'kubeadm-failed');
    assert.deepEqual(error.problem.evidence, ['error: token [bootstrap token] is not valid']);
    assert.doesNotMatch(`${error.message} ${error.stack} ${JSON.stringify(error)}`, /0123456789abcdef/);
    assert.equal(error.cause, undefined);
    return true;
  });
  assert.deepEqual(lines, ['error: token [bootstrap token] is not valid']);
  assert.equal(host.files.has(path), false);
});

test('a kubeadm that does not end tells its last lines without the token too', async () => {
  const { host, context, options } = setUp(() => '');
  const evidence = [`waiting with ${canary}`];
  const run = () =>
    Promise.reject(agentErrors.create('command-timed-out', { tried: 'run kubeadm', reason: 'it hangs', evidence }));
  await assert.rejects(runKubeadm({ ...context, host: { ...host, run } }, options), (error) => {
    assert.ok(error instanceof DroverError);
    assert.equal(error.code, 'command-timed-out');
    assert.deepEqual(error.problem.evidence, ['waiting with [bootstrap token]']);
    assert.equal(error.cause, undefined);
    return true;
  });
  assert.equal(host.files.has(path), false);
});

test('beside a kubeadm that is at work already none is started', async () => {
  const { host, run } = setUp(() => '', { '/proc/12/comm': 'bash\n', '/proc/77/comm': 'kubeadm\n' });
  await assert.rejects(run(), { code: 'kubeadm-running' });
  assert.deepEqual(host.effects, []);
});

test('whatever has a token’s form is hidden, and nothing else', () => {
  assert.equal(redactTokens(`--token ${canary} --x`), '--token [bootstrap token] --x');
  const harmless = 'sha256:0123 kube-apiserver.v1.20.2 cluster-endpoint:6443';
  assert.equal(redactTokens(harmless), harmless);
});
