import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost, posixPrograms } from './fake-host.ts';
import { testHostCommands, testHostFiles } from './host-conformance.ts';

testHostFiles('fake host', () => createFakeHost());
testHostCommands('fake host', () => createFakeHost({ programs: posixPrograms }));

const touch = {
  touch: ({ args, files, change }: Parameters<(typeof posixPrograms)[string]>[0]) => {
    change();
    files.set(args[0] ?? '', { content: '', mode: 0o644 });
    return '';
  },
};

test('a query of a command that changes something is refused, and nothing changes', async () => {
  const host = createFakeHost({ programs: touch });
  await assert.rejects(host.query({ argv: ['touch', '/x'], timeoutMs: 1000 }), /query was used/);
  assert.equal(host.files.size, 0);
});

test('a program that swallows the refusal is refused all the same', async () => {
  const host = createFakeHost({
    programs: {
      sly: ({ change }) => {
        try {
          change();
        } catch {
          // What this test is about.
        }
        return '';
      },
    },
  });
  await assert.rejects(host.query({ argv: ['sly'], timeoutMs: 1000 }), /query was used/);
});

test('every effect is recorded, and queries are not effects', async () => {
  const host = createFakeHost({ programs: { ...posixPrograms, ...touch }, files: { '/old': 'x' } });
  await host.query({ argv: ['echo'], timeoutMs: 1000 });
  await host.run({ argv: ['touch', '/x'], timeoutMs: 1000 });
  await host.writeFile('/y', 'y', { mode: 0o600 });
  await host.removeFile('/old');
  await host.removeFile('/never-there');
  assert.deepEqual(host.effects, [
    { kind: 'run', argv: ['touch', '/x'] },
    { kind: 'write', path: '/y', mode: 0o600 },
    { kind: 'remove', path: '/old' },
  ]);
});
