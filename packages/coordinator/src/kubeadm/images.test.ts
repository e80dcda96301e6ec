import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parseKubernetesVersion } from '../kubernetes/kubernetes-version.ts';
import { controlPlaneImages, workerImages } from './images.ts';

suite('images', () => {
  test('a control-plane node of 1.20 needs what kubeadm 1.20 lists', () => {
    const images = controlPlaneImages({ version: parseKubernetesVersion('v1.20.2'), skippedPhases: [] });
    // Printed by kubeadm v1.20.2 config images list.
    assert.deepEqual(
      images.toSorted(),
      [
        'k8s.gcr.io/kube-apiserver:v1.20.2',
        'k8s.gcr.io/kube-controller-manager:v1.20.2',
        'k8s.gcr.io/kube-scheduler:v1.20.2',
        'k8s.gcr.io/kube-proxy:v1.20.2',
        'k8s.gcr.io/pause:3.2',
        'k8s.gcr.io/etcd:3.4.13-0',
        'k8s.gcr.io/coredns:1.7.0',
      ].toSorted(),
    );
  });

  test('a worker needs kube-proxy and pause alone', () => {
    const options = { version: parseKubernetesVersion('1.20.9'), repository: 'mirror/k8s', skippedPhases: [] };
    assert.deepEqual(workerImages(options), ['mirror/k8s/kube-proxy:v1.20.9', 'mirror/k8s/pause:3.2']);
  });

  test('what a skipped addon would install is not pulled', () => {
    const options = { version: parseKubernetesVersion('1.20.9'), repository: 'mirror' };
    const without = (phase: string) => controlPlaneImages({ ...options, skippedPhases: [phase] }).join(' ');
    assert.doesNotMatch(without('addon/coredns'), /coredns/);
    assert.match(without('addon/coredns'), /kube-proxy/);
    assert.doesNotMatch(without('addon/kube-proxy'), /kube-proxy/);
    assert.doesNotMatch(without('addon'), /coredns|kube-proxy/);
  });

  test('CoreDNS lies one level deeper in kubeadm’s own repository, and only there', () => {
    const version = parseKubernetesVersion('1.21.0');
    const own = controlPlaneImages({ version, skippedPhases: [] });
    const mirrored = controlPlaneImages({ version, repository: 'mirror', skippedPhases: [] });
    assert.ok(own.includes('k8s.gcr.io/coredns/coredns:v1.8.0'));
    assert.ok(mirrored.includes('mirror/coredns:v1.8.0'));
  });

  test('tags that are not known are left to kubeadm instead of guessed', () => {
    const options = { version: parseKubernetesVersion('1.37.0'), skippedPhases: [] };
    assert.deepEqual(workerImages(options), ['registry.k8s.io/kube-proxy:v1.37.0']);
    assert.doesNotMatch(controlPlaneImages(options).join(' '), /etcd|pause|coredns/);
  });

  test('an image that the cluster file chooses is the one that is pulled, and none of somebody else’s etcd', () => {
    const version = parseKubernetesVersion('1.34.0');
    const dns = { imageRepository: 'mirror/dns', imageTag: 'v1.13.0' };
    const chosen = controlPlaneImages({ version, skippedPhases: [], dns, etcd: { imageTag: '3.6.5-0' } });
    assert.ok(chosen.includes('mirror/dns/coredns:v1.13.0'));
    assert.ok(chosen.includes('registry.k8s.io/etcd:3.6.5-0'));
    const external = controlPlaneImages({
      version: parseKubernetesVersion('1.20.2'),
      skippedPhases: [],
      etcd: 'external',
    });
    assert.doesNotMatch(external.join(' '), /etcd/);
  });
});
