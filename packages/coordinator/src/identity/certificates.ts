import 'reflect-metadata';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import { formatNodeUri, type NodeIncarnation, parsePublicKey } from '@drover/core';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  type Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** From when until when a certificate is valid, in milliseconds since 1970. */
export interface Validity {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Who signs: the CA's name and key. */
export interface Issuer {
  readonly name: string;
  readonly privateKey: KeyObject;
}

interface CertificateContent {
  readonly subject: string;
  /** SubjectPublicKeyInfo in DER. */
  readonly publicKey: Uint8Array;
  readonly validity: Validity;
  readonly extensions: readonly Extension[];
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };

/** The coordinator's own CA certificate, PEM: it signs leaves and no other CA. */
export async function signCaCertificate(issuer: Issuer, publicKey: Uint8Array, validity: Validity): Promise<string> {
  return await sign(issuer, {
    subject: issuer.name,
    publicKey,
    validity,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
}

/** A node's certificate, PEM: good for dialling its coordinator and nothing else. Its one name is the node's URI. */
export async function signNodeCertificate(
  issuer: Issuer,
  node: NodeIncarnation,
  publicKey: Uint8Array,
  validity: Validity,
): Promise<string> {
  return await sign(issuer, {
    subject: 'CN=Drover node',
    publicKey,
    validity,
    extensions: [
      ...leafExtensions(ExtendedKeyUsage.clientAuth),
      new SubjectAlternativeNameExtension([{ type: 'url', value: formatNodeUri(node) }]),
    ],
  });
}

/** A listener's certificate, PEM, for DNS names and IP addresses. */
export async function signServerCertificate(
  issuer: Issuer,
  names: readonly string[],
  publicKey: Uint8Array,
  validity: Validity,
): Promise<string> {
  return await sign(issuer, {
    subject: 'CN=Drover coordinator',
    publicKey,
    validity,
    extensions: [
      ...leafExtensions(ExtendedKeyUsage.serverAuth),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    ],
  });
}

function leafExtensions(usage: ExtendedKeyUsage): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([usage]),
  ];
}

async function sign(issuer: Issuer, content: CertificateContent): Promise<string> {
  const publicKey = toCryptoKey(parsePublicKey(content.publicKey));
  const issuerKey = toCryptoKey(createPublicKey(issuer.privateKey));
  const certificate = await X509CertificateGenerator.create({
    subject: content.subject,
    issuer: issuer.name,
    publicKey,
    notBefore: new Date(content.validity.fromMs),
    notAfter: new Date(content.validity.untilMs),
    signingKey: issuer.privateKey.toCryptoKey(algorithm, false, ['sign']),
    signingAlgorithm: { ...algorithm, hash: 'SHA-256' },
    extensions: [
      ...content.extensions,
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(issuerKey),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}

function toCryptoKey(publicKey: KeyObject) {
  return publicKey.toCryptoKey(algorithm, true, ['verify']);
}
