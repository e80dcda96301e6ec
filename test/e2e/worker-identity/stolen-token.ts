import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drover, droverJson } from '../quick-start.ts';
import { claims } from './claims.ts';
import { enrolledNode } from './machines.ts';
import { createToken, enrolWith } from './stranger.ts';

const worker = 'worker-1';
const newcomer = 'worker-9';

interface AuditRecord {
  readonly event: string;
  readonly operation: string;
  readonly target: Readonly<Record<string, string>>;
  readonly outcome?: { readonly code: string };
}

/** Tokens in the hands of a machine that they were not made for. */
export function testStolenToken(): void {
  test('a stolen token evicts no node that is alive, and whoever comes second with a token is refused, on record', async () => {
    const { incarnation, connectedAt } = await enrolledNode(worker);
    const forWorker = await createToken(worker);
    assert.equal(await enrolWith(forWorker), 'clone-suspected');
    assert.equal(await enrolWith(forWorker), 'token-reserved');
    const [latest] = await claims();
    assert.deepEqual([latest?.node, latest?.verdict, latest?.state], [worker, 'clone', 'quarantined']);
    const after = await enrolledNode(worker);
    assert.deepEqual([after.incarnation, after.connectedAt], [incarnation, connectedAt]);

    // Nobody can tell a thief who is first from the owner; the owner finds out, and so does whoever reads the trail.
    const forNewcomer = await createToken(newcomer);
    assert.equal(await enrolWith(forNewcomer), 'ok');
    assert.equal(await enrolWith(forNewcomer), 'token-used');
    assert.deepEqual(await refusals(forWorker.tokenId), ['clone-suspected', 'token-reserved']);
    assert.deepEqual(await refusals(forNewcomer.tokenId), ['token-used']);
    const removed = await drover('delete', 'node', newcomer);
    assert.equal(removed.exitCode, 0, removed.all);
  });
}

/** The codes with which machines were refused that had shown this token, in alphabetical order. */
async function refusals(tokenId: string): Promise<readonly string[]> {
  const records = await droverJson<readonly AuditRecord[]>('audit', 'list');
  return records
    .filter(({ event, operation, target }) => {
      return event === 'refused' && operation === 'enrollNode' && target['tokenId'] === tokenId;
    })
    .map(({ outcome }) => outcome?.code ?? '')
    .toSorted();
}
