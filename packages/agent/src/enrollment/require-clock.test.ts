import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { suite, test } from 'node:test';
import { nodeCertificate } from '../testing/node-certificate.ts';
import { requireClock } from './require-clock.ts';

const hourMs = 3_600_000;
const { fromMs, untilMs } = nodeCertificate;
const certificate = new X509Certificate(nodeCertificate.pem);
const look = (nowMs: number) => () => requireClock('enrol', { name: 'the certificate', certificate }, nowMs);

suite('a machine’s clock', () => {
  test('is right as long as the certificate is valid', () => {
    for (const nowMs of [fromMs, untilMs]) look(nowMs)();
  });

  test('is wrong by what lies between it and the days of the certificate', () => {
    const table: readonly [nowMs: number, offBy: RegExp][] = [
      [fromMs - 1, /: the clock is 0 to 25 hours behind$/],
      [untilMs + hourMs, /: the clock is 1 to 26 hours ahead$/],
      [fromMs - 730 * 24 * hourMs, /says 2028-01-01T23:55:00.000Z, .*: the clock is 730 to 732 days behind$/],
    ];
    for (const [nowMs, message] of table)
      assert.throws(look(nowMs), (error: { code: string; problem: { reason: string } }) => {
        assert.equal(error.code, 'clock-wrong');
        assert.match(error.problem.reason, message);
        return true;
      });
  });
});
