import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

/** id-Ed25519 as an AlgorithmIdentifier's content, and PKCS #8 up to the key's 32 bytes (RFC 8410). */
const ed25519 = Buffer.from('06032b6570', 'hex');
const privateKeyPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const commonName = Buffer.from('0603550403', 'hex');
const basicConstraintsCa = Buffer.from('300f0603551d130101ff040530030101ff', 'hex');

/**
 * A self-signed certificate for a simulated cluster's CA, in PEM: real enough to be parsed and pinned. It signs nothing
 * else, and its key is thrown away; the same randomness makes the same certificate. The encoding is X.509 v3 (RFC 5280, section 4.1), by hand because nothing else here makes one.
 */
export function makeCaCertificate(now: number, randomBytes: (size: number) => Uint8Array): string {
  const key = Buffer.concat([privateKeyPrefix, randomBytes(32)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const algorithm = der(0x30, ed25519);
  const name = der(0x30, der(0x31, der(0x30, commonName, der(0x0c, Buffer.from('kubernetes')))));
  const tenYearsMs = 3650 * 86_400_000;
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), createHash('sha256').update(spki).digest().subarray(0, 8)])),
    algorithm,
    name,
    der(0x30, utcTime(now), utcTime(now + tenYearsMs)),
    name,
    spki,
    der(0xa3, der(0x30, basicConstraintsCa)),
  );
  const signature = sign(null, body, privateKey);
  const certificate = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** One value in DER: tag, length, content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const header =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(header), content]);
}

/** YYMMDDhhmmssZ. */
function utcTime(at: number): Buffer {
  return der(0x17, Buffer.from(`${new Date(at).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`));
}
