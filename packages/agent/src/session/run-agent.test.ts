import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { startTestAgent } from '../testing/test-agent.ts';

const directory = await mkdtemp(join(tmpdir(), 'drover-agent-'));
after(() => rm(directory, { recursive: true }));

test('an agent that starts removes the join configuration of one that was killed, before it is anybody', async () => {
  const path = join(directory, 'run/kubeadm.yaml');
  const host = createFakeHost({ files: { [path]: '{"token":"abcdef.0123456789abcdef"}' } });
  const agent = await startTestAgent({ enrollmentPort: 1, sessionPort: 1, directory, host });
  await agent.stop();
  assert.equal(host.files.has(path), false);
});
