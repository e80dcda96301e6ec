import { agentErrors } from '../errors.ts';
import { findTpmDevice } from '../facts/tpm-device.ts';
import type { TpmAccess } from '../tpm/tpm2-tools.ts';
import type { InspectContext } from './action.ts';

/** The way to the TPM for one operation. Throws `tpm-unusable` where the machine has none. */
export async function tpmAccessOf({ tpm, host, runtimeDirectory }: InspectContext): Promise<TpmAccess> {
  if (tpm !== undefined) return tpm;
  const device = await findTpmDevice(host);
  if (device !== null) return { host, directory: runtimeDirectory, tcti: `device:${device}` };
  throw agentErrors.create('tpm-unusable', { tried: 'use the TPM', reason: 'the machine has no TPM 2.0' });
}
