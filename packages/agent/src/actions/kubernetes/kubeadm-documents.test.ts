import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDocument, formatKubeadmDocuments, parseKubeadmDocuments } from './kubeadm-documents.ts';

const init = { apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'InitConfiguration', bootstrapTokens: [{ ttl: '1s' }] };
const cluster = { apiVersion: 'kubeadm.k8s.io/v1beta2', kind: 'ClusterConfiguration', networking: { podSubnet: 'x' } };

test('documents go through whole: what Drover does not know stays', () => {
  const text = [init, cluster].map((document) => JSON.stringify(document, null, 2)).join('\n---\n');
  const documents = parseKubeadmDocuments(text);
  assert.deepEqual(documents, [init, cluster]);
  assert.deepEqual(parseKubeadmDocuments(formatKubeadmDocuments(documents)), [init, cluster]);
});

test('anything but documents with a kind is refused', () => {
  for (const text of ['', 'no JSON', '[]', '{"kind":"InitConfiguration"}', `${JSON.stringify(init)}\n---\nnull`])
    assert.throws(() => parseKubeadmDocuments(text), { code: 'parameters-invalid' });
  assert.throws(() => findDocument([init], 'ClusterConfiguration'), { code: 'parameters-invalid' });
});
