import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateKeyPair, type Logger, ManualClock, silentLogger } from '@drover/core';
import type { AgentIdentity } from '../enrollment/agent-identity.ts';
import type { IdentityStore } from '../enrollment/identity-store.ts';
import { agentErrors } from '../errors.ts';
import { nodeCertificate } from '../testing/node-certificate.ts';
import { holdIdentity } from './hold-identity.ts';

const { nodeId, incarnation, pem, successorPem, foreignPem, caPem, fromMs } = nodeCertificate;
const first: AgentIdentity = {
  ...{ nodeId, incarnation, nodeName: 'worker-1', tokenId: 'token', isConfirmed: true },
  ...{ keys: generateKeyPair(), certificate: pem, caCertificate: caPem },
};
const afterSuccessorMs = fromMs + 20 * 3_600_000;

/** An identity on a disk that is full while `isFull`. */
function holdOnDisk() {
  const disk = { isFull: false, saved: [] as string[] };
  const said: string[] = [];
  const identities: IdentityStore = {
    load: async () => first,
    save: async ({ certificate }) => {
      if (disk.isFull) throw agentErrors.create('file-unwritable', { tried: 'write it', reason: 'no space left' });
      disk.saved.push(certificate);
    },
    keyFor: async () => first.keys,
  };
  const say = (_fields: unknown, message: string) => void said.push(message);
  const logger = { ...silentLogger(), info: say, warn: say } as Logger;
  const renewExpired = () => Promise.reject(new Error('not used'));
  const identity = holdIdentity(first, { identities, clock: new ManualClock(afterSuccessorMs), logger, renewExpired });
  return { identity, disk, said };
}

test('a new certificate is in force once it is on disk', async () => {
  const { identity, disk } = holdOnDisk();
  assert.equal(await identity.replaceCertificate(successorPem), successorPem);
  assert.equal(identity.current().certificate, successorPem);
  assert.deepEqual(disk.saved, [successorPem]);
});

test('while a disk is full the present certificate stays in force, which is said once, and then that it is over', async () => {
  const { identity, disk, said } = holdOnDisk();
  disk.isFull = true;
  for (let times = 0; times < 3; times += 1) assert.equal(await identity.replaceCertificate(successorPem), pem);
  assert.equal(identity.current().certificate, pem);
  disk.isFull = false;
  assert.equal(await identity.replaceCertificate(successorPem), successorPem);
  assert.deepEqual(said, ['certificate not renewed: it is asked for again', 'certificate renewed']);
});

test('a certificate that would not let this node in again is refused', async () => {
  const { identity, disk } = holdOnDisk();
  await assert.rejects(identity.replaceCertificate(foreignPem), { code: 'recipient-untrusted' });
  assert.equal(identity.current().certificate, pem);
  assert.deepEqual(disk.saved, []);
});
