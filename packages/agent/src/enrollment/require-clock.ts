import type { X509Certificate } from 'node:crypto';
import { agentErrors } from '../errors.ts';

/** What is compared with a machine's clock. */
export interface DatedCertificate {
  /** Whose it is: "the coordinator’s certificate". */
  readonly name: string;
  readonly certificate: Pick<X509Certificate, 'validFromDate' | 'validToDate'>;
}

const hourMs = 3_600_000;

/**
 * Whoever proves the key of a certificate that its CA has signed for a few days lives within these days. Throws `clock-wrong`
 * where the machine does not: then nobody can be trusted, and what it would be given is worthless to it.
 */
export function requireClock(tried: string, { name, certificate }: DatedCertificate, nowMs: number): void {
  const fromMs = certificate.validFromDate.getTime();
  const untilMs = certificate.validToDate.getTime();
  if (nowMs >= fromMs && nowMs <= untilMs) return;
  const [from, until, now] = [fromMs, untilMs, nowMs].map((instantMs) => new Date(instantMs).toISOString());
  const offBy =
    nowMs < fromMs
      ? `${between(fromMs - nowMs, untilMs - nowMs)} behind`
      : `${between(nowMs - untilMs, nowMs - fromMs)} ahead`;
  throw agentErrors.create('clock-wrong', {
    tried,
    reason: `this machine’s clock says ${now}, and ${name} is valid from ${from} until ${until}: the clock is ${offBy}`,
  });
}

function between(leastMs: number, mostMs: number): string {
  const [unit, unitMs] = mostMs < 96 * hourMs ? ['hours', hourMs] : ['days', 24 * hourMs];
  return `${Math.floor(leastMs / unitMs)} to ${Math.ceil(mostMs / unitMs)} ${unit}`;
}
