import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';

const config = {
  process: {
    args: ['sh'],
    oomScoreAdj: -998,
    capabilities: { bounding: ['CAP_CHOWN', 'CAP_SYS_RESOURCE'], effective: ['CAP_SYS_RESOURCE', 'CAP_KILL'] },
  },
};
const expected = {
  process: { args: ['sh'], oomScoreAdj: 0, capabilities: { bounding: ['CAP_CHOWN'], effective: ['CAP_KILL'] } },
};

test('what a container is created from loses the capability and its negative OOM score', async (t) => {
  const { folder, run, passedOn } = wrapper(t);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const args = ['--root', '/run/runc', '--log', 'x', 'create', '--bundle', folder, '--pid-file', 'p', 'id'];
  await run(args);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')), expected);
  assert.deepEqual(passedOn(), args);
});

test('what is executed in a container loses them too, however it is laid out', async (t) => {
  const { folder, run } = wrapper(t);
  writeFileSync(join(folder, 'process.json'), JSON.stringify(config, null, 2));
  await run(['exec', '--process', join(folder, 'process.json'), 'id']);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'process.json'), 'utf8')), expected);
});

test('other verbs change no file', async (t) => {
  const { folder, run, passedOn } = wrapper(t);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  await run(['delete', '--force', 'id']);
  assert.deepEqual(JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')), config);
  assert.deepEqual(passedOn(), ['delete', '--force', 'id']);
});

function wrapper(t: { after(work: () => void): void }): {
  folder: string;
  run: (args: readonly string[]) => Promise<unknown>;
  passedOn: () => string[];
} {
  const folder = mkdtempSync(join(tmpdir(), 'drover-runc-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const runc = join(folder, 'runc');
  writeFileSync(runc, `#!/bin/sh\nprintf '%s\\n' "$@" > ${join(folder, 'arguments')}\n`);
  chmodSync(runc, 0o755);
  const original = readFileSync(join(import.meta.dirname, 'runc-wrapper.sh'), 'utf8');
  assert.ok(original.includes('/usr/bin/runc'));
  writeFileSync(join(folder, 'wrapper.sh'), original.replace('/usr/bin/runc', runc));
  return {
    folder,
    run: (args) => execa('sh', [join(folder, 'wrapper.sh'), ...args], { cwd: folder, timeout: 10_000 }),
    passedOn: () => readFileSync(join(folder, 'arguments'), 'utf8').trim().split('\n'),
  };
}
