import assert from 'node:assert/strict';
import { test } from 'node:test';
import { armourKey } from './openpgp-key.ts';

test('a key in armour stays as it is', () => {
  const text = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----\n';
  assert.equal(armourKey(Buffer.from(text)), text);
});

test('the bytes of a key are put in armour with their checksum', () => {
  // RFC 9580: an older header of a public key packet. The sum is what `gpg --enarmor` writes for these bytes.
  const lines = armourKey(Buffer.from([0x99, 0x01, 0x02]))?.split('\n');
  assert.deepEqual(lines?.slice(0, 3), ['-----BEGIN PGP PUBLIC KEY BLOCK-----', '', 'mQEC']);
  assert.equal(lines?.[3], '=SwwJ');
});

test('anything else is no key', () => {
  for (const text of ['<html>please log in</html>', '', '-----BEGIN PGP PRIVATE KEY BLOCK-----'])
    assert.equal(armourKey(Buffer.from(text)), undefined);
});
