import { execOnHost, findHost } from '@drover/lab';
import { lab, onHost } from '../quick-start.ts';
import type { Needles } from './needles.ts';

/** A secret in a place. */
export interface Trace {
  readonly secret: string;
  /** A host, or `coordinator`. */
  readonly host: string;
  /** A path, `journal` or `process`. */
  readonly place: string;
}

/** Where the needles lie while a host is searched for them. */
const needleFile = '/run/e2e-needles';

/** Files are on disks and in memory; a mark on the disk outlives a power cut. */
const searchScript = `
umask 077
cat >${needleFile}
trap 'rm -f ${needleFile}' EXIT
find / \\( -path /proc -o -path /sys -o -path '/var/lib/docker/overlay2/*/merged' -o -path ${needleFile} \\) -prune -o \\
  -type f -cnewer /var/e2e-search -print0 2>/dev/null | xargs -0 -r grep -aoFHf ${needleFile} 2>/dev/null | sort -u
journalctl --no-pager --output=cat --since "@$(stat -c %Y /var/e2e-search)" 2>/dev/null | grep -aoFf ${needleFile} | sort -u | sed 's/^/journal:/'
true
`;

/** Marks the moment from which on what changes is searched. */
export async function markHost(host: string): Promise<void> {
  await onHost(host, 'touch', '/var/e2e-search');
}

/** Files that have changed since the mark, wherever they are, and the journal since then. */
export async function searchHost(host: string, needles: Needles): Promise<readonly Trace[]> {
  const found = await execOnHost(lab, await findHost(lab, host), ['sh', '-c', searchScript], {
    input: needles.lines,
    timeoutMs: 120_000,
  });
  return found.stdout.split('\n').flatMap((line) => {
    const place = line.slice(0, line.indexOf(':'));
    return needles.namesIn(line).map((secret) => ({ secret, host, place }));
  });
}

/** Every argument and every variable of the processes that there are now; nothing of a host that is off. */
export async function readProcesses(host: string): Promise<readonly string[]> {
  const script = "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n' | sort -u";
  return (await onHost(host, 'sh', '-c', script).catch(() => '')).split('\n');
}
