import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { execa } from 'execa';
import { runLogged } from './run-logged.ts';

const isRoot = process.geteuid?.() === 0;

test('a command leaves its command line and its whole output in the log', async (t) => {
  const log = logFile(t);
  const lines: string[] = [];
  const output = await runLogged('node', ['-e', 'console.log("out"); console.error("err")'], {
    ...limits(log),
    onLine: (line) => lines.push(line),
  });
  assert.deepEqual(output.split('\n').sort(), ['err', 'out']);
  assert.deepEqual(lines.sort(), ['err', 'out']);
  assert.match(readFileSync(log, 'utf8'), /\$ node -e .*\n[^]*out\n/);
});

test('input is given to the command', async (t) => {
  assert.equal(await runLogged('cat', [], { ...limits(logFile(t)), input: 'hello\n' }), 'hello');
});

test('a failing command says how it ended, what it printed last and where the rest is', async (t) => {
  const log = logFile(t);
  await assert.rejects(
    runLogged('node', ['-e', 'console.log("why"); process.exit(3)'], limits(log)),
    (error: Error) => {
      assert.match(error.message, /exit code 3: node/);
      assert.match(error.message, /\nwhy\n/);
      assert.ok(error.message.includes(log));
      return true;
    },
  );
});

test('a command that is not there is an error that names it', async (t) => {
  await assert.rejects(runLogged('no-such-command', [], limits(logFile(t))), /no-such-command/);
});

test('a command that takes too long is ended', async (t) => {
  await assert.rejects(runLogged('sleep', ['60'], { ...limits(logFile(t)), timeoutMs: 50 }), /timed out: sleep 60/);
});

test('an abort ends the command', async (t) => {
  const options = { ...limits(logFile(t)), signal: AbortSignal.timeout(50) };
  await assert.rejects(runLogged('sleep', ['60'], options), /interrupted: sleep 60/);
});

test('what a command has started ends with the process that ran it, even by kill -9', { skip: !isRoot }, async (t) => {
  const log = logFile(t);
  const held = join(log, '..', 'held');
  const script = join(log, '..', 'caller.ts');
  const command = `flock ${held} sh -c "echo ready; exec sleep 600" & wait`;
  writeFileSync(
    script,
    `import { runLogged } from '${join(import.meta.dirname, 'run-logged.ts')}';
     const options = { log: '${log}', signal: new AbortController().signal, timeoutMs: 600_000, onLine: console.log };
     await runLogged('sh', ['-c', '${command}'], options);`,
  );
  const caller = execa('node', [script], { reject: false, timeout: 30_000 });
  await once(caller.stdout, 'data');
  assert.equal((await execa('flock', ['--nonblock', held, 'true'], { reject: false })).exitCode, 1, 'still held');
  caller.kill('SIGKILL');
  await caller;
  assert.equal((await execa('flock', ['--timeout', '10', held, 'true'], { reject: false })).exitCode, 0, 'let go');
});

function limits(log: string): { log: string; signal: AbortSignal; timeoutMs: number } {
  return { log, signal: new AbortController().signal, timeoutMs: 30_000 };
}

function logFile(t: { after(work: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'drover-run-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'log');
}
