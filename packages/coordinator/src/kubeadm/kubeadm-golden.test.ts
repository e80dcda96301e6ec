import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { supportedMinors } from '../kubernetes/supported-releases.ts';
import {
  fullKubernetes,
  type KubeadmExample,
  laterKubernetes,
  plainKubernetes,
  renderExample,
} from '../testing/kubeadm-examples.ts';

/**
 * What kubeadm is told, by the folder that keeps it for review. After a change that is meant:
 * `node --test --test-update-snapshots packages/coordinator/src/kubeadm/kubeadm-golden.test.ts`.
 */
const examples: Readonly<Record<string, KubeadmExample>> = {
  ...Object.fromEntries(minors().map((minor) => [`v1.${minor}`, renderExample(plainKubernetes(`v1.${minor}.2`))])),
  'full-v1beta2': renderExample(fullKubernetes('v1.20.2')),
  'full-v1beta3': renderExample({ ...fullKubernetes('v1.30.2'), imagePullPolicy: 'Always' }),
  'full-v1beta4': renderExample(laterKubernetes('v1.37.2')),
};

function minors(): readonly number[] {
  const { first, last } = supportedMinors;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

const folder = join(import.meta.dirname, 'golden', 'kubeadm');

suite('what kubeadm is told', () => {
  for (const [name, example] of Object.entries(examples)) {
    test(`of ${name} is as reviewed`, (context) => {
      for (const [kind, documents] of Object.entries(example)) {
        const path = join(folder, name, `${kind}.yaml`);
        context.assert.fileSnapshot(documents, path, { serializers: [(text: string) => `${text}\n`] });
      }
    });
  }

  test('was reviewed for every release that is supported, and for no other', () => {
    assert.deepEqual(readdirSync(folder).toSorted(), Object.keys(examples).toSorted());
  });
});
