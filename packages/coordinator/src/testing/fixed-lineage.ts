import type { CoordinatorMark } from '@drover/core';
import type { CertificateAuthority } from '../identity/certificate-authority.ts';
import type { Lineage } from '../lineage/lineage.ts';

/** The lineage of a coordinator that says of itself what a test wants, and believes whatever it is shown. */
export function createFixedLineage(authority: Pick<CertificateAuthority, 'signMark'>, mark: CoordinatorMark): Lineage {
  const epoch = { number: mark.epoch, guard: { key: 'epochs', revision: 0 } };
  return {
    epoch,
    mark: async () => authority.signMark(mark),
    meet: async () => undefined,
    refuseSuperseded: () => undefined,
    superseded: () => undefined,
    confirm: async () => epoch,
    onChange: () => undefined,
  };
}
