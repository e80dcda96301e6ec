import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, suite, test } from 'node:test';
import { parse } from 'yaml';
import { createCommandFixture } from '../testing/command-fixture.ts';

const fixture = await createCommandFixture();
const { answers, asked, drover, directory } = fixture;
after(() => fixture.close());

const document = { apiVersion: 'drover.dev/v1', kind: 'Cluster', metadata: { name: 'old' }, spec: { selinux: null } };

beforeEach(() => {
  asked.length = 0;
  answers['POST /adoption'] = { body: { document, notes: [] } };
});

suite('drover adopt', () => {
  test('asks for a proposal of all nodes, shows it as a cluster file, and stores nothing', async () => {
    const { exitCode, stdout, stderr } = await drover(['adopt', '--name', 'old']);
    assert.equal(exitCode, 0, stderr);
    assert.deepEqual(asked, ['POST /adoption {"name":"old"}']);
    assert.deepEqual(parse(stdout), document);
    assert.match(stderr, /no machine was changed\n1 value is to be filled in/);
  });

  test('names nodes and the cluster’s CA where they are given', async () => {
    await drover(['adopt', '--name', 'old', 'a', 'b', '--ca-hash', 'sha256:1']);
    assert.deepEqual(asked, ['POST /adoption {"name":"old","nodes":["a","b"],"caHash":"sha256:1"}']);
  });

  test('writes a file, and never over one', async () => {
    const path = join(directory, 'old.yaml');
    const command = ['adopt', '--name', 'old', '--out', path];
    assert.equal((await drover(command)).exitCode, 0);
    assert.deepEqual(parse(await readFile(path, 'utf8')), document);
    const { exitCode, stderr } = await drover(command);
    assert.equal(exitCode, 2);
    assert.match(stderr, /file-unwritable/);
  });

  test('is stored by apply --no-run, which starts no run', async () => {
    const path = join(directory, 'stored.yaml');
    await drover(['adopt', '--name', 'old', '--out', path]);
    asked.length = 0;
    answers['PUT /clusters/old'] = { body: { name: 'old', generation: 1, change: 'created' } };
    const { exitCode, stderr } = await drover(['apply', '-f', path, '--no-run']);
    assert.deepEqual(
      [exitCode, asked.length, asked[0]?.split(' ').slice(0, 2)],
      [0, 1, ['PUT', '/clusters/old']],
      stderr,
    );
  });
});
