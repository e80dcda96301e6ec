import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ManualClock } from '@drover/core';
import { createIdentity } from './identity.ts';
import type { ServerCertificate } from './server-identity.ts';

const dayMs = 24 * 3_600_000;

test('the certificate of the listeners is renewed at two thirds of its life, time after time', async (t) => {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'drover-identity-'));
  t.after(() => rm(dataDirectory, { recursive: true }));
  const clock = new ManualClock(Date.UTC(2030, 0, 1));
  const { server, authority } = await createIdentity({ dataDirectory, advertisedNames: ['10.0.0.1'], clock });
  const stop = new AbortController();
  const renewals: ServerCertificate[] = [];
  const renewed = Promise.withResolvers<void>();
  server.onRenewal((certificate) => {
    renewals.push(certificate);
    renewed.resolve();
  }, stop.signal);
  const running = server.keepRenewed(stop.signal);
  const first = server.current();

  await clock.advance(4.5 * dayMs);
  assert.equal(renewals.length, 0);
  await clock.advance(0.5 * dayMs);
  await renewed.promise;
  assert.equal(server.current(), renewals[0]);
  assert.ok(server.current().expiresAt > first.expiresAt);
  assert.ok(server.current().chain.endsWith(authority.certificate));
  assert.equal(new X509Certificate(server.current().chain).checkIP('10.0.0.1'), '10.0.0.1');

  stop.abort();
  await running;
});
