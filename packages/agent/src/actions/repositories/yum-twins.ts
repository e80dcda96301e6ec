import type { ReadonlyHost } from '../../host/host.ts';
import type { FileEdit } from '../files/file-edit.ts';

/** Where dnf and yum look for repositories, in files that end with .repo. */
export const yumDirectory = '/etc/yum.repos.d';

/**
 * What takes a repository's section out of every file but the one that is to have it: dnf and yum take one of two and do
 * not say which. Other sections and all comments stay.
 */
export async function twinEdits(host: ReadonlyHost, id: string, ownPath: string): Promise<readonly FileEdit[]> {
  const names = (await host.listDirectory(yumDirectory)).filter((name) => name.endsWith('.repo')).sort();
  const edits = await Promise.all(
    names.map(async (name): Promise<readonly FileEdit[]> => {
      const path = `${yumDirectory}/${name}`;
      const [before, status] = await Promise.all([host.readFile(path), host.status(path)]);
      if (path === ownPath || before === undefined) return [];
      const after = withoutSection(before, id, `# [${id}] is in ${ownPath.slice(yumDirectory.length + 1)} now.`);
      return after === before ? [] : [{ path, before, after, mode: status?.mode ?? 0o644 }];
    }),
  );
  return edits.flat();
}

function withoutSection(text: string, id: string, notice: string): string {
  let isInside = false;
  return text
    .split('\n')
    .flatMap((line) => {
      const header = /^\s*\[([^\]]*)\]/.exec(line)?.[1]?.trim();
      if (header !== undefined) isInside = header === id;
      if (header !== undefined && isInside) return [notice];
      return isInside && !/^\s*([#;]|$)/.test(line) ? [] : [line];
    })
    .join('\n');
}
