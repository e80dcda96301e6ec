import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

/** The kernel parameters that Kubernetes' networking depends on. */
const keys = [
  'net.bridge.bridge-nf-call-iptables',
  'net.bridge.bridge-nf-call-ip6tables',
  'net.ipv4.ip_forward',
] as const;

/** What those parameters are now, and what the configuration makes of them at the next boot. */
export async function readSysctl(host: ReadonlyHost): Promise<Facts['sysctl']> {
  const [runtime, persisted] = await Promise.all([readRuntime(host), readPersisted(host)]);
  return { runtime, persisted };
}

async function readRuntime(host: ReadonlyHost): Promise<Record<string, string | null>> {
  const values = await Promise.all(keys.map((key) => host.readFile(`/proc/sys/${key.replaceAll('.', '/')}`)));
  return Object.fromEntries(keys.map((key, i) => [key, values[i]?.trim() ?? null]));
}

/** sysctl.d(5): files in the order of their names, one in an earlier directory hides its namesakes; the last value counts. */
async function readPersisted(host: ReadonlyHost): Promise<Record<string, string>> {
  const directories = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/lib/sysctl.d'];
  const paths = new Map<string, string>();
  for (const directory of directories) {
    for (const name of await host.listDirectory(directory)) {
      if (name.endsWith('.conf') && !paths.has(name)) paths.set(name, `${directory}/${name}`);
    }
  }
  const ordered = [...paths].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
  // procps reads /etc/sysctl.conf after all of them, and most distributions link it as 99-sysctl.conf.
  const texts = await Promise.all([...ordered, '/etc/sysctl.conf'].map((path) => host.readFile(path)));
  return Object.fromEntries(texts.flatMap((text) => parseAssignments(text ?? '')));
}

function parseAssignments(text: string): [string, string][] {
  return [...text.matchAll(/^\s*-?([\w./-]+)\s*=\s*(.*?)\s*$/gm)]
    .map(([, key = '', value = '']): [string, string] => [key.replaceAll('/', '.'), value])
    .filter(([key]) => keys.some((known) => known === key));
}
