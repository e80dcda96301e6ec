import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseCommandLine } from './parse-command-line.ts';

const parse = (line: string): unknown => parseCommandLine(line.split(' ').filter((word) => word !== ''));

test('every verb is read with its host and options', () => {
  assert.deepEqual(parse('up --hosts 4 --control-planes 3'), { verb: 'up', hosts: 4, controlPlanes: 3 });
  assert.deepEqual(parse('up'), { verb: 'up' });
  assert.deepEqual(parse('exec worker-1 -- ls --hosts -l'), {
    verb: 'exec',
    host: 'worker-1',
    argv: ['ls', '--hosts', '-l'],
  });
  assert.deepEqual(parse('logs worker-1'), { verb: 'logs', host: 'worker-1', argv: [] });
  assert.deepEqual(parse('reboot worker-1 --power-cut'), { verb: 'reboot', host: 'worker-1', powerCut: true });
  assert.deepEqual(parse('partition worker-1'), { verb: 'partition', host: 'worker-1', from: 'everything' });
  assert.deepEqual(parse('partition worker-1 --from coordinator'), {
    verb: 'partition',
    host: 'worker-1',
    from: 'coordinator',
  });
  assert.deepEqual(parse('reimage worker-1'), { verb: 'reimage', host: 'worker-1' });
  assert.deepEqual(parse('reimage worker-1 --user-data file'), { verb: 'reimage', host: 'worker-1', userData: 'file' });
  assert.deepEqual(parse('reimage worker-1 --address 10.213.0.60 --days-behind=-730'), {
    ...{ verb: 'reimage', host: 'worker-1', address: '10.213.0.60', daysBehind: -730 },
  });
  assert.deepEqual(parse('clock worker-1'), { verb: 'clock', host: 'worker-1', daysBehind: 0 });
  assert.deepEqual(parse('clone worker-1 --same-uuid'), { verb: 'clone', host: 'worker-1', sameUuid: true });
  assert.deepEqual(parse('snapshot worker-1 clean'), { verb: 'snapshot', host: 'worker-1', snapshot: 'clean' });
  assert.deepEqual(parse('revert worker-1 clean'), { verb: 'revert', host: 'worker-1', snapshot: 'clean' });
  assert.deepEqual(parse('status --json'), { verb: 'status', isJson: true });
  assert.deepEqual(parse(''), { verb: 'help' });
  assert.deepEqual(parse('up --help'), { verb: 'help' });
});

test('what makes no sense is refused with the reason', () => {
  assert.throws(() => parse('destroy'), /no verb "destroy"/);
  assert.throws(() => parse('down --hosts 3'), /down takes no --hosts/);
  assert.throws(() => parse('up --hosts many'), /"many" is not a number/);
  assert.throws(() => parse('up --host 3'), /--host/);
  assert.throws(() => parse('reimage'), /one host/);
  assert.throws(() => parse('reimage a b'), /one host/);
  assert.throws(() => parse('clock a --days-behind x'), /number of days/);
  assert.throws(() => parse('revert a'), /one host and the name of one snapshot/);
  assert.throws(() => parse('reboot worker-1 --user-data file'), /reboot takes no --user-data/);
  assert.throws(() => parse('exec worker-1'), /command after --/);
  assert.throws(() => parse('reimage worker-1 -- now'), /nothing after --/);
  assert.throws(() => parse('toString'), /no verb/);
});

test('every command of the lab that a page shows is one', () => {
  const root = join(import.meta.dirname, '../../../..');
  const guides = readdirSync(join(root, 'docs/guides')).map((name) => join('docs/guides', name));
  const shown = ['README.md', ...guides].flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/npm run lab (-- [^\n`#]*)/g)].map(([, words = '']) => words),
  );
  assert.ok(shown.length > 5, 'the pages were read');
  for (const words of shown) assert.doesNotThrow(() => parse(words.replace('-- ', '')), words);
});
