import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { systemClock } from '@drover/core';
import { openCertificateAuthority } from '../identity/certificate-authority.ts';
import { createServerIdentity, type ServerCertificate, type ServerIdentity } from '../identity/server-identity.ts';
import { openListener } from './listener.ts';

async function startListener(t: TestContext, maximumConnections: number) {
  const directory = await mkdtemp(join(tmpdir(), 'drover-listener-'));
  t.after(() => rm(directory, { recursive: true }));
  const authority = await openCertificateAuthority(directory, systemClock);
  const newCertificate = async () => (await createServerIdentity(authority, ['127.0.0.1'], systemClock)).current();
  const first = await newCertificate();
  let renew = (_certificate: ServerCertificate): void => assert.fail('nobody listens for renewals');
  const identity: ServerIdentity = {
    current: () => first,
    onRenewal: (listener) => {
      renew = listener;
    },
    keepRenewed: async () => undefined,
  };
  const listener = await openListener({
    purpose: 'a test',
    address: { host: '127.0.0.1', port: 0 },
    identity,
    maximumConnections,
    serverOptions: {},
    addServices: () => undefined,
  });
  t.after(() => listener.close());
  return { port: listener.port, ca: authority.certificate, first, newCertificate, renew: () => renew };
}

/** The serial number that the listener shows, to someone who trusts its CA. */
async function serialNumber(port: number, ca: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port, ca, ALPNProtocols: ['h2'] });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  const { serialNumber: serial } = socket.getPeerCertificate();
  assert.equal(socket.getProtocol(), 'TLSv1.3');
  socket.destroy();
  return serial;
}

test('a renewed certificate is shown to connections from then on', async (t) => {
  const { port, ca, newCertificate, renew } = await startListener(t, 8);
  const before = await serialNumber(port, ca);
  assert.equal(await serialNumber(port, ca), before);
  renew()(await newCertificate());
  assert.notEqual(await serialNumber(port, ca), before);
});

test('connections beyond the cap are closed as they come', async (t) => {
  const { port } = await startListener(t, 1);
  const held = connectTcp(port, '127.0.0.1');
  t.after(() => held.destroy());
  await new Promise((resolve) => held.once('connect', resolve));
  const refused = connectTcp(port, '127.0.0.1');
  refused.on('error', () => undefined);
  await new Promise((resolve) => refused.once('close', resolve));
  assert.equal(held.destroyed, false);
});
