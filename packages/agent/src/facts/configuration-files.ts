import type { ReadonlyHost } from '../host/host.ts';

/** A file of a directory whose files are read in the order of their names. */
export interface ConfigurationFile {
  /** What orders it among the others. */
  readonly name: string;
  readonly path: string;
}

/**
 * The files that end in .conf of several directories, as systemd reads them: in the order of their names, whatever their
 * directory, and one in an earlier directory hides its namesakes in later ones.
 */
export async function listConfigurationFiles(
  host: ReadonlyHost,
  directories: readonly string[],
): Promise<readonly ConfigurationFile[]> {
  const files = new Map<string, ConfigurationFile>();
  for (const directory of directories) {
    for (const name of await host.listDirectory(directory)) {
      if (name.endsWith('.conf') && !files.has(name)) files.set(name, { name, path: `${directory}/${name}` });
    }
  }
  return [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
