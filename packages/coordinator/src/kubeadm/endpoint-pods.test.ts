import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { type EndpointPods, type HaproxyOptions, renderHaproxy, renderKubeVip } from './endpoint-pods.ts';

const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');
const virtual = { address: '10.0.0.100', interface: 'eth0', port: 8443 };
const haproxy: HaproxyOptions = {
  image: 'registry.example:5000/library/haproxy:2.6',
  keepalivedImage: 'registry.example:5000/library/keepalived:2.2',
  virtual,
  virtualRouterId: 51,
  apiServerPort: 6443,
  nodes: [1, 2, 3].map((number) => ({ name: `control-plane-${number}`, address: `10.0.0.${number}` })),
  node: 'control-plane-2',
};

function manifestOf({ pods }: EndpointPods, name: string): string {
  return pods.find((pod) => pod.name === name)?.manifest ?? '';
}

function fileOf({ files }: EndpointPods, name: string): string {
  return files.find((file) => file.name === name)?.content ?? '';
}

suite('the pods that serve an endpoint', () => {
  test('of kube-vip are as reviewed', () => {
    const { pods, files } = renderKubeVip({
      image: 'registry.example:5000/kube-vip/kube-vip:v0.4.4',
      virtual: { ...virtual, port: 6443 },
    });
    assert.equal(pods.length, 1);
    assert.deepEqual(files, []);
    assert.equal(pods[0]?.manifest, golden('kube-vip.yaml'));
  });

  test('of haproxy and keepalived are as reviewed, with their files', () => {
    const served = renderHaproxy(haproxy);
    for (const name of ['haproxy', 'keepalived']) assert.equal(manifestOf(served, name), golden(`${name}.yaml`));
    for (const name of ['haproxy.cfg', 'keepalived.conf', 'check-api-server.sh'])
      assert.equal(fileOf(served, name), golden(name));
  });

  test('differ from node to node in keepalived alone: each knows its place and the others', () => {
    const [first, second] = ['control-plane-1', 'control-plane-2'].map((node) => renderHaproxy({ ...haproxy, node }));
    assert.ok(first && second);
    assert.equal(manifestOf(first, 'haproxy'), manifestOf(second, 'haproxy'));
    assert.match(fileOf(first, 'keepalived.conf'), /priority 200\n[^]*unicast_src_ip 10\.0\.0\.1\n/);
    assert.doesNotMatch(fileOf(first, 'keepalived.conf'), /^ {4}10\.0\.0\.1$/m);
  });

  test('start anew when what they read changes: the manifest changes with it', () => {
    const more = { ...haproxy, nodes: [...haproxy.nodes, { name: 'control-plane-4', address: '10.0.0.4' }] };
    for (const name of ['haproxy', 'keepalived'])
      assert.notEqual(manifestOf(renderHaproxy(haproxy), name), manifestOf(renderHaproxy(more), name));
  });
});
