import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificateExpiry } from '../../preflight/checks/certificate-expiry.ts';
import { exampleView } from '../example-view.ts';
import { viewWith } from '../preflight-views.ts';
import { testCheck } from '../test-check.ts';

const clock = { nowMs: Date.parse('2026-01-15T00:00:00.000Z') };
const until = (expiresAt: string) => ({
  path: '/etc/kubernetes/pki/apiserver.crt',
  subject: 'CN=kube-apiserver',
  expiresAt,
});

test('what has no date is not told to be valid', () => {
  const view = viewWith('worker-1', { clock, certificates: [until('some day')] });
  assert.deepEqual(
    certificateExpiry.ofFacts?.(view).map(({ undetermined }) => undetermined),
    [true],
  );
});

testCheck(certificateExpiry, {
  finds: [
    [
      'a certificate that has expired',
      'expired',
      viewWith('worker-1', { clock, certificates: [until('2026-01-14T00:00:00.000Z')] }),
      /apiserver\.crt has expired/,
    ],
    [
      'one that expires this month',
      'soon',
      viewWith('worker-1', { clock, certificates: [until('2026-02-01T00:00:00.000Z')] }),
      /apiserver\.crt will expire within 30 days/,
    ],
  ],
  passes: [
    ['a machine as it should be', exampleView()],
    [
      'one that is valid for another year',
      viewWith('worker-1', { clock, certificates: [until('2027-01-14T00:00:00.000Z')] }),
    ],
  ],
});
