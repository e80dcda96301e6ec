import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeCertificate } from '../testing/node-certificate.ts';
import { verifyNodeCertificate } from './verify-node-certificate.ts';

const { nodeId, incarnation, pem, caPem, fromMs, untilMs } = nodeCertificate;
const recipient = { nodeId, incarnation, certificate: pem };
const noon = fromMs + 12 * 3_600_000;

function refusal(changed: Partial<typeof recipient>, nowMs = noon): string {
  try {
    verifyNodeCertificate({ ...recipient, ...changed }, caPem, nowMs);
    return 'accepted';
  } catch (error) {
    assert.equal((error as { readonly code: string }).code, 'recipient-untrusted');
    return (error as Error).message;
  }
}

test('a valid certificate of this node and incarnation gives its key', () => {
  const publicKey = verifyNodeCertificate(recipient, caPem, noon);
  assert.equal(Buffer.from(publicKey).toString('base64'), nodeCertificate.publicKey);
});

test('another node, another incarnation and another coordinator are refused by name', () => {
  assert.match(refusal({ nodeId: nodeId.replace('1', '2') }), /it names URI:drover/);
  assert.match(refusal({ incarnation: incarnation + 1 }), /it names URI:drover/);
  assert.match(refusal({ certificate: nodeCertificate.foreignPem }), /CA did not sign it/);
});

test('the certificate of a listener or of the CA itself is no recipient', () => {
  assert.match(refusal({ certificate: nodeCertificate.serverPem }), /not a node’s/);
  assert.match(refusal({ certificate: caPem }), /a CA’s, not a node’s/);
  assert.match(refusal({ certificate: 'nonsense' }), /no certificate/);
});

test('a certificate counts within its dates alone', () => {
  assert.match(refusal({}, fromMs - 1), /valid from/);
  assert.match(refusal({}, untilMs + 1), /valid until/);
  assert.equal(refusal({}, untilMs), 'accepted');
});
