import type { ReadonlyHost } from '../host/host.ts';

/**
 * The device of a TPM 2.0, or null. The first, which TPMs before 2.0 do not have, shares the TPM among programs; kernels tell
 * the version of the other from 5.6 on (Documentation/ABI/stable/sysfs-class-tpm: `tpm_version_major`).
 */
export async function findTpmDevice(host: ReadonlyHost): Promise<string | null> {
  if ((await host.status('/dev/tpmrm0')) !== undefined) return '/dev/tpmrm0';
  const version = await host.readFile('/sys/class/tpm/tpm0/tpm_version_major');
  return version?.trim() === '2' ? '/dev/tpm0' : null;
}
