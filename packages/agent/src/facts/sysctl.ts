import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { listSysctlFiles } from './sysctl-files.ts';

/** The kernel parameters that Kubernetes' networking depends on. */
const keys = [
  'net.bridge.bridge-nf-call-iptables',
  'net.bridge.bridge-nf-call-ip6tables',
  'net.ipv4.ip_forward',
] as const;

type Assignment = NonNullable<Facts['sysctl']['assignments']>[number];

/** What those parameters are now, and what the configuration makes of them at the next boot. */
export async function readSysctl(host: ReadonlyHost): Promise<Facts['sysctl']> {
  const [runtime, assignments] = await Promise.all([readRuntime(host), readAssignments(host)]);
  const persisted = Object.fromEntries(assignments.map(({ key, value }) => [key, value]));
  return { runtime, persisted, assignments };
}

async function readRuntime(host: ReadonlyHost): Promise<Record<string, string | null>> {
  const values = await Promise.all(keys.map((key) => host.readFile(`/proc/sys/${key.replaceAll('.', '/')}`)));
  return Object.fromEntries(keys.map((key, i) => [key, values[i]?.trim() ?? null]));
}

/** In the order in which a boot makes them. */
async function readAssignments(host: ReadonlyHost): Promise<Assignment[]> {
  const files = await listSysctlFiles(host);
  const texts = await Promise.all(files.map(({ path }) => host.readFile(path)));
  return files.flatMap(({ path }, index) => parseAssignments(texts[index] ?? '', path));
}

function parseAssignments(text: string, path: string): Assignment[] {
  return [...text.matchAll(/^[ \t]*-?([\w./-]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm)]
    .map(([, key = '', value = '']) => ({ key: key.replaceAll('/', '.'), value, path }))
    .filter(({ key }) => keys.some((known) => known === key));
}
