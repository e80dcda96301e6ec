import { createPublicKey } from 'node:crypto';
import { generateKeyPair, isCoordinatorMarkSigned, signCoordinatorMark } from '@drover/core';
import type { CertificateAuthority } from '../identity/certificate-authority.ts';

/** The part of a CA that a lineage needs, with a key of its own. */
export function createMarkAuthority(): Pick<CertificateAuthority, 'signMark' | 'isMarkSigned'> {
  const { privateKey } = generateKeyPair();
  const publicKey = createPublicKey(privateKey);
  return {
    signMark: (mark) => signCoordinatorMark(mark, privateKey),
    isMarkSigned: (mark) => isCoordinatorMarkSigned(mark, publicKey),
  };
}
