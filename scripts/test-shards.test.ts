import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { writeTestShards } from './test-shards.ts';

test('each file is in exactly one shard, and a separate one is alone in its own', () => {
  const files = fc.uniqueArray(
    fc.stringMatching(/^[a-z]{1,8}$/).map((name) => `/r/${name}.test.ts`),
    { maxLength: 80 },
  );
  const parts = files.chain((all) => fc.nat(all.length).map((cut) => [all.slice(0, cut), all.slice(cut)] as const));
  fc.assert(
    fc.property(parts, ([separate, together]) => {
      const { paths, remove } = writeTestShards('/r', { separate, together });
      const found = paths.map((path) =>
        [...readFileSync(path, 'utf8').matchAll(/suite\("(.*?)"/g)].map(([, name]) => `/r/${name}`),
      );
      remove();
      assert.deepEqual(found.flat().toSorted(), [...separate, ...together].toSorted());
      assert.deepEqual(
        found.slice(0, separate.length),
        separate.map((path) => [path]),
      );
      assert.ok(paths.every((path) => !existsSync(path)));
    }),
    { numRuns: 30 },
  );
});
