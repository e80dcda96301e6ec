import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { createProgress, type Progress, type ProgressClock } from './progress.ts';

test('a part that runs is shown at least every five seconds without a terminal', (t) => {
  const { progress, advance, printed } = start(t, false);
  progress.part('root file system', { estimateMs: 60_000 }).note('unpacking');
  for (let second = 0; second < 12; second += 1) advance(1_000);
  assert.equal(printed().match(/… root file system .* of about 1 min 00 s {2}unpacking/g)?.length, 2);
});

test('a finished part is one line with its elapsed time and detail', (t) => {
  const { progress, advance, printed } = start(t, false);
  const part = progress.part('network', { estimateMs: 1_000 });
  advance(1_500);
  part.done('drvlab0');
  part.done('again');
  assert.match(printed(), /^✓ network +1\.5 s {2}drvlab0\n$/);
});

test('a failed part shows the message of its error', (t) => {
  const { progress, printed } = start(t, false);
  progress.part('network', { estimateMs: 1_000 }).fail(new Error('no bridge'));
  assert.match(printed(), /✗ network.*no bridge/);
});

test('parts that run side by side are redrawn in place on a terminal', (t) => {
  const { progress, advance, printed } = start(t, true);
  progress.part('one', { estimateMs: 1_000 });
  const two = progress.part('two', { estimateMs: 1_000 });
  advance(250);
  two.done();
  progress.close();
  const upTwoLines = '\u001b[1A\u001b[2K'.repeat(2);
  assert.ok(printed().includes(`${upTwoLines}✓ two`), JSON.stringify(printed()));
  assert.ok(printed().endsWith('\u001b[1A\u001b[2K'), 'close must clear the part that still runs');
});

test('every printed line is kept in the log file', (t) => {
  const { progress, log } = start(t, true);
  progress.part('network', { estimateMs: 1_000 }).done();
  assert.match(log(), /✓ network/);
});

function start(t: { after(work: () => void): void }, isTerminal: boolean): Started {
  const folder = mkdtempSync(join(tmpdir(), 'drover-progress-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const logFile = join(folder, 'log');
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  let nowMs = 0;
  let onTick = (): void => undefined;
  const clock: ProgressClock = {
    now: () => nowMs,
    every: (_intervalMs, tick) => {
      onTick = tick;
      return () => undefined;
    },
  };
  const advance = (byMs: number): void => {
    nowMs += byMs;
    onTick();
  };
  const progress = createProgress({ stream, isTerminal, logFile, clock });
  return { progress, advance, printed: () => (stream.read(), text), log: () => readFileSync(logFile, 'utf8') };
}

interface Started {
  readonly progress: Progress & { close(): void };
  readonly advance: (byMs: number) => void;
  readonly printed: () => string;
  readonly log: () => string;
}
