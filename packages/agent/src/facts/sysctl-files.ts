import type { ReadonlyHost } from '../host/host.ts';

/** A file of kernel parameters. */
export interface SysctlFile {
  /** What orders it among the others. */
  readonly name: string;
  readonly path: string;
}

/** sysctl.d(5): a file in an earlier directory hides its namesakes in later ones. */
const directories = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];

/**
 * The files that systemd-sysctl reads at boot, in its order: of their names, whatever their directory; the last assignment
 * counts. /etc/sysctl.conf is among them only where a name links to it, as 99-sysctl.conf does on the EL family: procps'
 * `sysctl --system` reads it last of all, but that is run by hand, and systemd itself does not read it.
 */
export async function listSysctlFiles(host: ReadonlyHost): Promise<readonly SysctlFile[]> {
  const files = new Map<string, SysctlFile>();
  for (const directory of directories) {
    for (const name of await host.listDirectory(directory)) {
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, { name, path: `${directory}/${name}` });
    }
  }
  return [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
