import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { generateKeyPair, hashPublicKey, ManualClock } from '@drover/core';
import { openCertificateAuthority } from './certificate-authority.ts';

const clock = new ManualClock(Date.UTC(2030, 0, 1));
const node = { nodeId: '01900000-0000-7000-8000-000000000001', incarnation: 3 };
const hourMs = 3_600_000;

async function temporaryDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-ca-'));
  t.after(() => rm(directory, { recursive: true }));
  return directory;
}

test('the CA is made once, its key readable by its owner alone', async (t) => {
  const directory = await temporaryDirectory(t);
  const first = await openCertificateAuthority(directory, clock);
  const second = await openCertificateAuthority(directory, clock);
  assert.equal(second.certificate, first.certificate);
  assert.equal(second.hash, first.hash);
  assert.equal((await stat(join(directory, 'ca.key'))).mode & 0o777, 0o600);
  const ca = new X509Certificate(first.certificate);
  assert.equal(ca.ca, true);
  assert.equal(ca.verify(ca.publicKey), true);
  assert.equal(hashPublicKey(ca.publicKey.export({ format: 'der', type: 'spki' })), first.hash);
});

test('a crash between key and certificate keeps the pin', async (t) => {
  const directory = await temporaryDirectory(t);
  const first = await openCertificateAuthority(directory, clock);
  await rm(join(directory, 'ca.crt'));
  assert.equal((await openCertificateAuthority(directory, clock)).hash, first.hash);
});

test('a certificate without its key, and a key that is another one, are refused with the remedy', async (t) => {
  const directory = await temporaryDirectory(t);
  await openCertificateAuthority(directory, clock);
  const other = await temporaryDirectory(t);
  await openCertificateAuthority(other, clock);
  await writeFile(join(directory, 'ca.key'), await readFile(join(other, 'ca.key')));
  await assert.rejects(openCertificateAuthority(directory, clock), { code: 'ca-unusable' });
  await writeFile(join(directory, 'ca.key'), 'not a key');
  await assert.rejects(openCertificateAuthority(directory, clock), { code: 'ca-unusable' });
  await rm(join(directory, 'ca.key'));
  await assert.rejects(openCertificateAuthority(directory, clock), { code: 'ca-unusable' });
});

test('a node certificate names its node and incarnation alone, for clients, for 24 hours', async (t) => {
  const authority = await openCertificateAuthority(await temporaryDirectory(t), clock);
  const { publicKey } = generateKeyPair();
  const certificate = new X509Certificate(await authority.issueNodeCertificate(node, publicKey));
  const ca = new X509Certificate(authority.certificate);
  assert.equal(certificate.verify(ca.publicKey), true);
  assert.equal(certificate.checkIssued(ca), true);
  assert.equal(certificate.ca, false);
  assert.equal(certificate.subjectAltName, `URI:drover://node/${node.nodeId}/3`);
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.2']);
  assert.equal(certificate.validFromDate.getTime(), clock.now() - 5 * 60_000);
  assert.equal(certificate.validToDate.getTime(), clock.now() + 24 * hourMs);
  assert.deepEqual(certificate.publicKey.export({ format: 'der', type: 'spki' }), Buffer.from(publicKey));
});

test('a server certificate carries names and addresses, for servers', async (t) => {
  const authority = await openCertificateAuthority(await temporaryDirectory(t), clock);
  const pem = await authority.issueServerCertificate(
    ['drover.example', '10.0.12.2', '::1'],
    generateKeyPair().publicKey,
  );
  const certificate = new X509Certificate(pem);
  assert.equal(certificate.checkHost('drover.example'), 'drover.example');
  assert.equal(certificate.checkIP('10.0.12.2'), '10.0.12.2');
  assert.equal(certificate.checkHost('other.example'), undefined);
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
});
