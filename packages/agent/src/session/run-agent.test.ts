import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { startTestAgent } from '../testing/test-agent.ts';

const directory = await mkdtemp(join(tmpdir(), 'drover-agent-'));
after(() => rm(directory, { recursive: true }));

test('an agent that starts removes what one that was killed was writing, before it is anybody', async () => {
  const state = join(directory, 'state');
  await mkdir(state);
  await writeFile(join(state, '.drover-4194305-0b9f8f3e-6c6f-4f5e-9d5c-2f6f8f0e7a11.tmp'), 'a key');
  const agent = await startTestAgent({ enrollmentPort: 1, sessionPort: 1, directory });
  await agent.stop();
  assert.deepEqual(await readdir(state), []);
});
