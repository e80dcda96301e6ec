import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeHost } from '../testing/fake-host.ts';
import { readCertificates } from './certificates.ts';

/** Self-signed, and of nobody. */
const pem = `-----BEGIN CERTIFICATE-----
MIIBhzCCAS2gAwIBAgIUPRD4RUw9S12ZMRKQfcGo+wCfsbUwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOa3ViZS1hcGlzZXJ2ZXIwHhcNMjYxMTIzMTgxMjMyWhcNMjcx
MTIzMTgxMjMyWjAZMRcwFQYDVQQDDA5rdWJlLWFwaXNlcnZlcjBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABD1S2ppykvnGfrGFjD4HUkOOEFAMjQIaeIAr2Bft16NL
Sq2QyS6ph+Yr2Rtmb4u3lNqPRG83gR7Q3NbXVoTA3gOjUzBRMB0GA1UdDgQWBBQ/
xODddUIj46+410fHdeWBKA/9EjAfBgNVHSMEGDAWgBQ/xODddUIj46+410fHdeWB
KA/9EjAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQD8xM5wKY4+
N2VIITnchVjBFuF4dFpJfZw4gtMIcjUisAIgA0kyqsDg53K5QyUxMgJQU024usgB
sGypHSgyYLf8ELk=
-----END CERTIFICATE-----
`;

test('certificates are told with subject and end, from files of their own, bundles with a key, and kubeconfigs', async () => {
  const host = createFakeHost({
    files: {
      '/etc/kubernetes/pki/apiserver.crt': pem,
      '/etc/kubernetes/pki/apiserver.key': 'secret',
      '/etc/kubernetes/pki/etcd/server.crt': pem,
      '/var/lib/kubelet/pki/kubelet-client-current.pem': `-----BEGIN EC PRIVATE KEY-----\nsecret\n-----END EC PRIVATE KEY-----\n${pem}`,
      '/etc/kubernetes/admin.conf': `users:\n- user:\n    client-certificate-data: ${Buffer.from(pem).toString('base64')}\n`,
    },
  });
  const found = await readCertificates(host);
  assert.deepEqual(
    found.map(({ path }) => path),
    [
      '/etc/kubernetes/pki/apiserver.crt',
      '/etc/kubernetes/pki/etcd/server.crt',
      '/var/lib/kubelet/pki/kubelet-client-current.pem',
      '/etc/kubernetes/admin.conf',
    ],
  );
  assert.deepEqual(found[0], {
    path: '/etc/kubernetes/pki/apiserver.crt',
    subject: 'CN=kube-apiserver',
    expiresAt: '2027-11-23T18:12:32.000Z',
  });
  assert.doesNotMatch(JSON.stringify(found), /secret/);
});

test('what is no certificate, or is cut off, is left out', async () => {
  const cut = pem.slice(0, 80);
  const files = {
    '/etc/kubernetes/pki/apiserver.crt': cut,
    '/etc/kubernetes/pki/ca.crt': pem.replace(/[A-Z]{9}/, 'AAAAAAAAA'),
  };
  const found = await readCertificates(createFakeHost({ files }));
  assert.ok(found.every(({ path }) => path !== '/etc/kubernetes/pki/apiserver.crt'));
});
