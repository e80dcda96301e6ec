import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatPath } from '@drover/core';
import { supportedMinors } from '../kubernetes/supported-releases.ts';
import { exampleSpec } from '../testing/example-view.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { runtimeRules } from './runtime-rules.ts';

function faultsOf(version: string, runtime: ClusterSpec['runtime']): readonly string[] {
  const faults: string[] = [];
  const spec = exampleSpec({ kubernetes: { version, repository: 'kubernetes' }, runtime });
  runtimeRules(spec, (path, message) => faults.push(`${formatPath(path)}: ${message}`));
  return faults;
}

const docker = { version: '28.5.1', containerdVersion: '1.7.28', repository: 'docker-ce' };
const criDockerd = { version: '0.3.16', repository: 'docker-ce' };
const containerd = { version: '2.1.5', repository: 'docker-ce' };

suite('the runtime of a cluster file', () => {
  test('is containerd with every supported release, and Docker with cri-dockerd from 1.24 on', () => {
    for (let minor: number = supportedMinors.first; minor <= supportedMinors.last; minor += 1) {
      const version = `v1.${minor}.1`;
      assert.deepEqual(faultsOf(version, { containerd }), [], version);
      assert.deepEqual(faultsOf(version, { docker: minor < 24 ? docker : { ...docker, criDockerd } }), [], version);
    }
  });

  test('is exactly one', () => {
    assert.match(faultsOf('v1.30.0', {}).join(), /^runtime: neither of docker and containerd/);
    assert.match(faultsOf('v1.20.2', { docker, containerd }).join(), /^runtime: both of docker and containerd/);
  });

  test('has cri-dockerd where the kubelet no longer speaks to Docker, and nowhere else', () => {
    assert.match(faultsOf('v1.24.0', { docker }).join(), /^runtime\.docker\.criDockerd: v1\.24\.0 no longer speaks/);
    assert.match(faultsOf('v1.23.17', { docker: { ...docker, criDockerd } }).join(), /speaks to Docker itself/);
  });

  test('is a containerd that the release can speak to, and names each registry once', () => {
    const old = { ...containerd, version: '1.5.11' };
    assert.match(faultsOf('v1.26.0', { containerd: old }).join(), /^runtime\.containerd\.version: .* 1\.6 or newer/);
    assert.match(faultsOf('v1.36.0', { containerd: { ...containerd, version: '1.7.28' } }).join(), /2\.0 or newer/);
    const registries = [{ host: 'docker.io' }, { host: 'docker.io' }];
    const fault = 'runtime.containerd.registries[1].host: docker.io is there twice';
    assert.deepEqual(faultsOf('v1.31.0', { containerd: { ...containerd, registries } }), [fault]);
  });
});
