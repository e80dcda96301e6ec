import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connect } from 'node:tls';
import { systemClock } from '@drover/core';
import { openCertificateAuthority } from '../identity/certificate-authority.ts';
import { createServerIdentity, type ServerCertificate } from '../identity/server-identity.ts';
import { createApiFixture } from '../testing/api-fixture.ts';
import { serveApi } from './serve-api.ts';

/** The serial number that a client sees, having verified the certificate. */
function serialNumber(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca }, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    }).on('error', reject);
  });
}

test('a renewed certificate is shown to the next client, without a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drover-serve-api-'));
  after(() => rm(folder, { recursive: true }));
  const authority = await openCertificateAuthority(folder, systemClock);
  const identity = await createServerIdentity(authority, ['127.0.0.1'], systemClock);
  const renewed = (await createServerIdentity(authority, ['127.0.0.1'], systemClock)).current();
  const listeners: ((certificate: ServerCertificate) => void)[] = [];
  const fixture = await createApiFixture();
  after(() => fixture.close());
  const listener = await serveApi(fixture.dependencies, {
    identity: { ...identity, onRenewal: (each) => listeners.push(each) },
    address: { host: '127.0.0.1', port: 0 },
  });
  after(() => listener.close());

  const before = await serialNumber(listener.port, authority.certificate);
  for (const each of listeners) each(renewed);
  assert.notEqual(await serialNumber(listener.port, authority.certificate), before);
});
