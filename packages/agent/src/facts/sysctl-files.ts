import type { ReadonlyHost } from '../host/host.ts';
import { type ConfigurationFile, listConfigurationFiles } from './configuration-files.ts';

/** sysctl.d(5). */
const directories = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

/**
 * The files that systemd-sysctl reads at boot, in its order; the last assignment counts. /etc/sysctl.conf is among them only
 * where a name links to it, as 99-sysctl.conf does on the EL family: procps' `sysctl --system` reads it last of all, but that
 * is run by hand, and systemd itself does not read it.
 */
export async function listSysctlFiles(host: ReadonlyHost): Promise<readonly ConfigurationFile[]> {
  return await listConfigurationFiles(host, directories);
}
