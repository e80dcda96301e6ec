import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseKubernetesVersion as version } from './kubernetes-version.ts';
import { dockerSupportFault, kubeletSkewFault } from './version-skew.ts';

suite('version skew', () => {
  test('a kubelet may be older than the API server within the policy, and never newer', () => {
    assert.equal(kubeletSkewFault(version('1.20.2'), version('1.20.9')), undefined);
    assert.equal(kubeletSkewFault(version('1.21.0'), version('1.23.0')), undefined);
    assert.match(kubeletSkewFault(version('1.20.0'), version('1.23.0')) ?? '', /more than 2/);
    assert.equal(kubeletSkewFault(version('1.25.0'), version('1.28.0')), undefined);
    assert.match(kubeletSkewFault(version('1.25.0'), version('1.29.0')) ?? '', /more than 3/);
    assert.match(kubeletSkewFault(version('1.21.0'), version('1.20.9')) ?? '', /newer/);
  });

  test('Docker carries releases with the dockershim only', () => {
    assert.equal(dockerSupportFault(version('v1.20.2')), undefined);
    assert.equal(dockerSupportFault(version('v1.23.17')), undefined);
    assert.match(dockerSupportFault(version('v1.24.0')) ?? '', /no longer runs on Docker/);
    assert.match(dockerSupportFault(version('v1.19.16')) ?? '', /not supported/);
  });

  test('a version is read with and without its v, and nothing else is', () => {
    assert.deepEqual(version('1.20.2'), { minor: 20, patch: 2, tag: 'v1.20.2', package: '1.20.2' });
    assert.deepEqual(version('v1.20.2'), version('1.20.2'));
    for (const text of ['1.20', '2.0.0', 'v1.20.2-rc.0', 'latest']) assert.throws(() => version(text), TypeError);
  });
});
