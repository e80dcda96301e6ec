import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@drover/core';
import type { Host } from '../host/host.ts';

/** A host with true, false, echo, cat, ls and sleep on its path, and /box, an empty place for files. */
export type MakeHost = () => Host | Promise<Host>;

/** What every form of the Host port does with files. */
export function testHostFiles(name: string, makeHost: MakeHost): void {
  test(`${name}: nothing at a path reads as undefined, and lists as empty`, async () => {
    const host = await makeHost();
    assert.equal(await host.readFile('/box/none'), undefined);
    assert.equal(await host.status('/box/none'), undefined);
    assert.equal(await host.readLink('/box/none'), undefined);
    assert.deepEqual(await host.listDirectory('/box/none'), []);
  });

  test(`${name}: nothing is below a file`, async () => {
    const host = await makeHost();
    await host.writeFile('/box/file', '', { mode: 0o644 });
    assert.equal(await host.readFile('/box/file/below'), undefined);
    assert.equal(await host.status('/box/file/below'), undefined);
    assert.deepEqual(await host.listDirectory('/box/file'), []);
  });

  test(`${name}: what was written is read back, with its mode and size, parents made`, async () => {
    const host = await makeHost();
    await host.writeFile('/box/a/b', 'grüße\n', { mode: 0o640 });
    assert.equal(await host.readFile('/box/a/b'), 'grüße\n');
    assert.deepEqual(await host.status('/box/a/b'), { kind: 'file', mode: 0o640, sizeBytes: 8 });
    assert.equal((await host.status('/box/a'))?.kind, 'directory');
  });

  test(`${name}: writing again replaces the content and the mode`, async () => {
    const host = await makeHost();
    await host.writeFile('/box/file', 'a longer content', { mode: 0o644 });
    await host.writeFile('/box/file', new Secret('new'), { mode: 0o600 });
    assert.equal(await host.readFile('/box/file'), 'new');
    assert.equal((await host.status('/box/file'))?.mode, 0o600);
  });

  test(`${name}: a directory lists its names sorted, directories among them and nothing deeper`, async () => {
    const host = await makeHost();
    for (const path of ['/box/d/z', '/box/d/a', '/box/d/m/deep']) await host.writeFile(path, '', { mode: 0o644 });
    assert.deepEqual(await host.listDirectory('/box/d'), ['a', 'm', 'z']);
  });

  test(`${name}: a removed file is gone, and removing nothing is no error`, async () => {
    const host = await makeHost();
    await host.writeFile('/box/file', 'x', { mode: 0o644 });
    await host.removeFile('/box/file');
    await host.removeFile('/box/file');
    assert.equal(await host.status('/box/file'), undefined);
  });

  test(`${name}: a directory can be neither read, written nor removed as a file`, async () => {
    const host = await makeHost();
    await host.writeFile('/box/d/file', 'x', { mode: 0o644 });
    await assert.rejects(host.readFile('/box/d'), { code: 'file-unreadable' });
    await assert.rejects(host.writeFile('/box/d', 'x', { mode: 0o644 }), { code: 'file-unwritable' });
    await assert.rejects(host.removeFile('/box/d'), { code: 'file-unwritable' });
  });
}

/** What every form of the Host port does with commands, by `query` and by `run` alike. */
export function testHostCommands(name: string, makeHost: MakeHost): void {
  for (const mode of ['query', 'run'] as const) {
    test(`${name}: ${mode} answers with status and output, and calls back with each line`, async () => {
      const host = await makeHost();
      const lines: string[] = [];
      const result = await host[mode]({
        argv: ['echo', 'one $HOME', '*'],
        timeoutMs: 10_000,
        onLine: (line) => lines.push(line),
      });
      assert.deepEqual(result, { status: 0, stdout: 'one $HOME *\n', stderr: '' });
      assert.deepEqual(lines, ['one $HOME *']);
    });
  }

  test(`${name}: a command gets its input, a secret too`, async () => {
    const host = await makeHost();
    assert.equal((await host.query({ argv: ['cat'], timeoutMs: 10_000, input: 'in\n' })).stdout, 'in\n');
    const secret = await host.query({ argv: ['cat'], timeoutMs: 10_000, input: new Secret('s3cret') });
    assert.equal(secret.stdout, 's3cret');
  });

  test(`${name}: a command without input finds its standard input at an end`, async () => {
    const host = await makeHost();
    assert.equal((await host.query({ argv: ['cat'], timeoutMs: 10_000 })).stdout, '');
  });

  test(`${name}: another status than the expected ones is command-failed, with the output as evidence`, async () => {
    const host = await makeHost();
    await assert.rejects(host.query({ argv: ['ls', '/there/is/none'], timeoutMs: 10_000 }), (error) => {
      assert.ok(error instanceof Error && 'code' in error && 'problem' in error);
      assert.equal(error.code, 'command-failed');
      assert.match(JSON.stringify(error.problem), /No such file or directory/);
      return true;
    });
  });

  test(`${name}: an expected status is no failure`, async () => {
    const host = await makeHost();
    const result = await host.query({ argv: ['false'], timeoutMs: 10_000, successStatuses: [0, 1] });
    assert.equal(result.status, 1);
    await assert.rejects(host.query({ argv: ['true'], timeoutMs: 10_000, successStatuses: [1] }), {
      code: 'command-failed',
    });
  });

  test(`${name}: a program that is not there is command-not-found`, async () => {
    const host = await makeHost();
    await assert.rejects(host.query({ argv: ['no-such-program'], timeoutMs: 10_000 }), { code: 'command-not-found' });
  });

  test(`${name}: a command that does not end in time is command-timed-out`, async () => {
    const host = await makeHost();
    await assert.rejects(host.run({ argv: ['sleep', '60'], timeoutMs: 50 }), { code: 'command-timed-out' });
  });

  test(`${name}: an aborted command throws the signal's reason, also when it was aborted before`, async () => {
    const host = await makeHost();
    const controller = new AbortController();
    const running = host.run({ argv: ['sleep', '60'], timeoutMs: 10_000, signal: controller.signal });
    controller.abort(new Error('cancelled'));
    await assert.rejects(running, { message: 'cancelled' });
    const late = host.run({ argv: ['echo'], timeoutMs: 10_000, signal: controller.signal });
    await assert.rejects(late, { message: 'cancelled' });
  });
}
