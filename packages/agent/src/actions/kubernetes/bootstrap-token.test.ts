import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { formatBootstrapToken, makeBootstrapToken, renderTokenSecret } from './bootstrap-token.ts';

test('a token has kubeadm’s form, whatever the random bytes are', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(255), { minLength: 1, maxLength: 50 }), (bytes) => {
      let at = 0;
      // A value below 252 comes up sooner or later, as with any real source.
      const randomBytes = (size: number) =>
        Uint8Array.from({ length: size }, () => (at++ % 7 === 0 ? at % 252 : (bytes[at % bytes.length] ?? 0)));
      const token = makeBootstrapToken(randomBytes);
      assert.match(formatBootstrapToken(token).reveal(), /^[a-z0-9]{6}\.[a-z0-9]{16}$/);
    }),
  );
});

test('bytes that would make some characters likelier than others are not used', () => {
  let calls = 0;
  // 252 is 7 × 36: a byte from there on would fall on the first four characters once more.
  const randomBytes = (size: number) => new Uint8Array(size).fill(calls++ === 0 ? 253 : 35);
  assert.equal(formatBootstrapToken(makeBootstrapToken(randomBytes)).reveal(), '999999.9999999999999999');
});

test('the Secret names the node, ends by itself, and shows the token to nobody who prints it', () => {
  const token = makeBootstrapToken((size) => new Uint8Array(size).fill(1));
  const secret = renderTokenSecret(token, { nodeId: 'id-1', nodeName: 'worker-1', expiresAt: 900_000 });
  const document = JSON.parse(secret.reveal()) as { metadata: unknown; stringData: Record<string, string> };
  assert.deepEqual(document.metadata, {
    name: 'bootstrap-token-bbbbbb',
    namespace: 'kube-system',
    labels: { 'drover.dev/token-for-node': 'id-1' },
  });
  assert.equal(document.stringData['expiration'], '1970-01-01T00:15:00.000Z');
  assert.match(document.stringData['description'] ?? '', /worker-1/);
  assert.doesNotMatch(`${inspect(secret)} ${String(secret)} ${JSON.stringify(secret)}`, /b{16}/);
});
