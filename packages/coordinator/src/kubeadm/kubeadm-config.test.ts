import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import {
  type ClusterConfiguration,
  type NodeRegistration,
  renderInitConfiguration,
  renderJoinConfiguration,
} from './kubeadm-config.ts';
import { parseKubernetesVersion } from './kubernetes-version.ts';

const node: NodeRegistration = { name: 'control-plane-1', address: '10.0.0.11' };

function cluster(version: string): ClusterConfiguration {
  return {
    clusterName: 'example',
    version: parseKubernetesVersion(version),
    controlPlaneEndpoint: 'cluster-endpoint:6443',
    advertiseAddress: '10.0.0.11',
    port: 6443,
    certificateNames: ['cluster-endpoint', '10.0.0.11'],
    imageRepository: 'registry.example:5000/kubernetes',
    podCidr: '10.244.0.0/16',
    serviceCidr: '10.96.0.0/16',
    cgroupDriver: 'systemd',
  };
}

const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8').trimEnd();
const parse = (documents: string): Record<string, unknown>[] =>
  documents.split('\n---\n').map((document) => JSON.parse(document) as Record<string, unknown>);

suite('kubeadm configuration', () => {
  for (const version of ['v1.20.2', 'v1.23.17', 'v1.31.0']) {
    test(`the documents for ${version} are as reviewed`, () => {
      assert.equal(renderInitConfiguration(cluster(version), node), golden(`init-${version}.yaml`));
      const joined = renderJoinConfiguration(parseKubernetesVersion(version), {
        name: 'worker-1',
        address: '10.0.0.12',
      });
      assert.equal(joined, golden(`join-${version}.yaml`));
      const local = { advertiseAddress: '10.0.0.12', port: 6443 };
      const member = { name: 'control-plane-2', address: '10.0.0.12' };
      const joinedToo = renderJoinConfiguration(parseKubernetesVersion(version), member, local);
      assert.equal(joinedToo, golden(`join-control-plane-${version}.yaml`));
    });
  }

  test('what the cluster file leaves open is left to kubeadm', () => {
    const { imageRepository: _repository, advertiseAddress: _address, ...rest } = cluster('v1.20.2');
    const [init, clusterDocument] = parse(renderInitConfiguration(rest, { name: 'a' }));
    assert.deepEqual(init?.['localAPIEndpoint'], { bindPort: 6443 });
    assert.deepEqual(init?.['nodeRegistration'], {
      name: 'a',
      criSocket: '/var/run/dockershim.sock',
      kubeletExtraArgs: {},
    });
    assert.equal('imageRepository' in (clusterDocument ?? {}), false);
  });

  test('the token that kubeadm init insists on expires at once, and a join holds no discovery', () => {
    const [init] = parse(renderInitConfiguration(cluster('v1.20.2'), node));
    assert.deepEqual(init?.['bootstrapTokens'], [{ ttl: '1s' }]);
    const [joined] = parse(renderJoinConfiguration(parseKubernetesVersion('v1.20.2'), node));
    assert.equal('discovery' in (joined ?? {}), false);
  });
});
