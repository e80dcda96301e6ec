const armourHeader = '-----BEGIN PGP PUBLIC KEY BLOCK-----';

/**
 * An OpenPGP public key in ASCII armour, whether it came so or as bytes; undefined when it is neither: the page of a proxy
 * that wants a login, say. Source: RFC 9580 sections 4.2 and 6.
 */
export function armourKey(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1');
  if (text.includes(armourHeader)) return text.endsWith('\n') ? text : `${text}\n`;
  if (!isPublicKeyPacket(bytes[0] ?? 0)) return undefined;
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [armourHeader, '', ...lines, `=${checksum(bytes)}`, '-----END PGP PUBLIC KEY BLOCK-----', ''].join('\n');
}

const publicKeyTag = 6;

/** A packet begins with its type, in the older form of header or the newer one. */
function isPublicKeyPacket(octet: number): boolean {
  if ((octet & 0x80) === 0) return false;
  return (octet & 0x40) === 0 ? (octet >> 2) % 16 === publicKeyTag : octet % 64 === publicKeyTag;
}

/** CRC-24, which gpgv of older systems wants. */
function checksum(bytes: Buffer): string {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x800000 ? ((crc << 1) ^ 0x1864cfb) & 0xffffff : crc << 1;
  }
  return Buffer.from([crc >> 16, (crc >> 8) & 255, crc & 255]).toString('base64');
}
