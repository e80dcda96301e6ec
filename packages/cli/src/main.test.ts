import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';

test('a reader that closes the pipe ends the client without a stack', async () => {
  const entry = join(import.meta.dirname, 'main.ts');
  const client = spawn(process.execPath, [entry, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  // Long before the client has started.
  client.stdout.destroy();
  let said = '';
  client.stderr.on('data', (part: Buffer) => {
    said += part.toString();
  });
  const [exitCode] = (await once(client, 'close')) as [number | null];
  assert.deepEqual([exitCode, said], [0, '']);
});
