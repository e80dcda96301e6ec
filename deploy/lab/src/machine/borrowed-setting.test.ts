import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { labFromEnvironment } from '../lab.ts';
import { type Borrowing, borrowAtLeast, borrowSetting, returnSettings } from './borrowed-setting.ts';

const first = labFromEnvironment({ DROVER_LAB_NAME: 'first' });
const second = labFromEnvironment({ DROVER_LAB_NAME: 'second' });
const key = 'net/netfilter/nf_conntrack_max';

test('a borrowed setting gets its value of before back', async (t) => {
  const { borrowing, value } = machine(t, '262144\n');
  await borrowSetting(borrowing, first, key, '131072');
  assert.equal(value(), '131072');
  await returnSettings(borrowing, first);
  assert.equal(value(), '262144');
  assert.ok(!existsSync(borrowing.recordDirectory));
});

test('a limit is only ever raised', async (t) => {
  const { borrowing, value } = machine(t, '128\n');
  await borrowAtLeast(borrowing, first, key, 1_024);
  await borrowAtLeast(borrowing, second, key, 512);
  assert.equal(value(), '1024');
  await returnSettings(borrowing, first);
  assert.equal(value(), '1024');
  await returnSettings(borrowing, second);
  assert.equal(value(), '128');
  await borrowAtLeast(borrowing, first, key, 100);
  assert.equal(value().trim(), '128');
});

test('the last of two labs puts the value back, whichever came first', async (t) => {
  const { borrowing, value } = machine(t, '262144\n');
  await borrowSetting(borrowing, first, key, '131072');
  await borrowSetting(borrowing, second, key, '131072');
  await returnSettings(borrowing, first);
  assert.equal(value(), '131072');
  await returnSettings(borrowing, second);
  assert.equal(value(), '262144');
});

test('a setting that has the value already is neither changed nor recorded', async (t) => {
  const { borrowing } = machine(t, '131072\n');
  await borrowSetting(borrowing, first, key, '131072');
  assert.ok(!existsSync(borrowing.recordDirectory));
});

test('borrowing again after a kill keeps the first record', async (t) => {
  const { borrowing, value } = machine(t, '262144\n');
  await borrowSetting(borrowing, first, key, '131072');
  await borrowSetting(borrowing, first, key, '131072');
  await returnSettings(borrowing, first);
  assert.equal(value(), '262144');
});

function machine(t: { after(work: () => void): void }, initial: string): { borrowing: Borrowing; value: () => string } {
  const folder = mkdtempSync(join(tmpdir(), 'drover-borrow-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const borrowing = { recordDirectory: join(folder, 'run'), sysctlDirectory: join(folder, 'sys') };
  mkdirSync(join(folder, 'sys/net/netfilter'), { recursive: true });
  writeFileSync(join(folder, 'sys', key), initial);
  return { borrowing, value: () => readFileSync(join(folder, 'sys', key), 'utf8') };
}
