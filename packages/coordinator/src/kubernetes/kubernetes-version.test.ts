import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKubernetesVersion } from './kubernetes-version.ts';

test('a version is read with and without its v, and nothing else is', () => {
  assert.deepEqual(parseKubernetesVersion('1.20.2'), { minor: 20, patch: 2, tag: 'v1.20.2', package: '1.20.2' });
  assert.deepEqual(parseKubernetesVersion('v1.20.2'), parseKubernetesVersion('1.20.2'));
  for (const text of ['1.20', '2.0.0', 'v1.20.2-rc.0', 'latest']) {
    assert.throws(() => parseKubernetesVersion(text), TypeError);
  }
});
