import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '@drover/core';
import { redactSecrets } from './redact-secrets.ts';

test('what looks like a secret is cut out of a caller’s text, and what does not stays', () => {
  const tokenId = 'A'.repeat(22);
  const cases: readonly (readonly [text: string, redacted: string])[] = [
    ['worker-1', 'worker-1'],
    ['join-workers/worker-1/join-node', 'join-workers/worker-1/join-node'],
    ['k8s.example.org', 'k8s.example.org'],
    [`drv1.${tokenId}.${'b'.repeat(43)}.${'c'.repeat(43)}`, `drv1.${tokenId}.[secret]`],
    ['with abcdef.0123456789abcdef it works', 'with [secret] it works'],
    ['see https://joe:hunter2@repo.example.org/x', 'see https://[secret]@repo.example.org/x'],
    ['eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl', '[secret]'],
    ['-----BEGIN EC PRIVATE KEY-----\nMHc\n-----END', '[secret]'],
  ];
  for (const [text, redacted] of cases) assert.equal(redactSecrets(text), redacted);
});

test('a secret that is known is cut out wherever it stands', () => {
  assert.equal(redactSecrets('it is hunter2, hunter2!', [new Secret('hunter2')]), 'it is [secret], [secret]!');
});

test('a long text is cut off, after its secrets', () => {
  const text = `${'x'.repeat(490)} abcdef.0123456789abcdef ${'y'.repeat(490)}`;
  const redacted = redactSecrets(text);
  assert.equal(redacted.length, 501);
  assert.match(redacted, /\[secret\]/);
  assert.doesNotMatch(redacted, /abcdef/);
});
