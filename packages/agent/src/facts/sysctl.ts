import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { listSysctlFiles } from './sysctl-files.ts';

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

async function readPersisted(host: ReadonlyHost): Promise<Record<string, string>> {
  const files = await listSysctlFiles(host);
  const texts = await Promise.all(files.map(({ path }) => host.readFile(path)));
  return Object.fromEntries(texts.flatMap((text) => parseAssignments(text ?? '')));
}

function parseAssignments(text: string): [string, string][] {
  return [...text.matchAll(/^[ \t]*-?([\w./-]+)[ \t]*=[ \t]*(.*?)[ \t\r]*$/gm)]
    .map(([, key = '', value = '']): [string, string] => [key.replaceAll('/', '.'), value])
    .filter(([key]) => keys.some((known) => known === key));
}
