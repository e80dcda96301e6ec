import { kubeadmFileName } from '../actions/kubernetes/kubeadm.ts';
import type { Host } from '../host/host.ts';

/** As @drover/core's `replaceFile` names what it renames in the end. */
const temporaryFile = /^\.drover-\d+-[0-9a-f-]{36}\.tmp$/;

/**
 * Removes what an agent that was killed left in its own directories: kubeadm's configuration, which may hold a bootstrap
 * token, and files that were never renamed, which may hold it or a key. Before operations begin, since no live one may
 * lose its files. Throws `file-unwritable` for a file that cannot be removed.
 */
export async function removeLeftovers(
  host: Host,
  directories: { readonly runtimeDirectory: string; readonly stateDirectory: string },
): Promise<readonly string[]> {
  const { runtimeDirectory, stateDirectory } = directories;
  const places = [runtimeDirectory, stateDirectory, `${stateDirectory}/operations`];
  const temporary = await Promise.all(
    places.map(async (place) => {
      const names = await host.listDirectory(place);
      return names.filter((name) => temporaryFile.test(name)).map((name) => `${place}/${name}`);
    }),
  );
  const configuration = `${runtimeDirectory}/${kubeadmFileName}`;
  const hasConfiguration = (await host.status(configuration)) !== undefined;
  const leftovers = [...(hasConfiguration ? [configuration] : []), ...temporary.flat()];
  for (const path of leftovers) await host.removeFile(path);
  return leftovers;
}
