import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { addProgram } from './image-contents.ts';

test('a program that goes into several images is not touched: one of them may be read at that moment', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-contents-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const source = join(folder, 'kubectl');
  writeFileSync(source, 'a program', { mode: 0o600 });
  const { ctimeMs } = statSync(source);
  await addProgram(join(folder, 'first'), 'usr/bin/kubectl', source);
  const first = join(folder, 'first/usr/bin/kubectl');
  const packed = statSync(first).ctimeMs;
  await addProgram(join(folder, 'second'), 'usr/bin/kubectl', source);
  assert.deepEqual([statSync(source).ctimeMs, statSync(first).ctimeMs], [ctimeMs, packed]);
  assert.deepEqual([readFileSync(first, 'utf8'), statSync(first).mode & 0o777], ['a program', 0o755]);
});
