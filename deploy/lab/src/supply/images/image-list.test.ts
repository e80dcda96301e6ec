import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listImages } from './image-list.ts';

test('every image that kubeadm v1.20.2 pulls is there, but for CoreDNS', () => {
  const images = listImages({ programs: '/p', netfilter: '/n', endpoint: '/e', kubernetes: Promise.resolve('/k') });
  const names = images.map(({ repository, tag }) => `${repository}:${tag}`);
  // `kubeadm config images list --kubernetes-version v1.20.2`, without coredns:1.7.0.
  const wanted = [
    'kube-apiserver:v1.20.2',
    'kube-controller-manager:v1.20.2',
    'kube-scheduler:v1.20.2',
    'kube-proxy:v1.20.2',
    'pause:3.2',
    'etcd:3.4.13-0',
  ];
  for (const name of wanted) assert.ok(names.includes(`kubernetes/${name}`), name);
});
