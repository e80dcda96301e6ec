import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpu, mem } from 'systeminformation';
import { createLinuxHost } from '../host/linux-host.ts';
import { readCpu, readMemory } from './hardware.ts';

const host = createLinuxHost();

test('processors and memory of this machine are what systeminformation finds by its own ways', async () => {
  const [ours, theirs] = await Promise.all([readCpu(host), cpu()]);
  assert.equal(ours.count, theirs.cores);
  const [memory, other] = await Promise.all([readMemory(host), mem()]);
  assert.equal(memory.totalBytes, other.total);
});
