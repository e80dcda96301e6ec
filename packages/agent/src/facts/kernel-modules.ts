import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

/** The modules that a cluster needs, judged by what they make possible: built in counts, and a module list does not show that. */
export async function readKernelModules(host: ReadonlyHost): Promise<Facts['kernelModules']> {
  const [bridge, filesystems, persisted] = await Promise.all([
    host.status('/proc/sys/net/bridge/bridge-nf-call-iptables'),
    host.readFile('/proc/filesystems'),
    readPersisted(host),
  ]);
  return {
    bridgeNetfilter: bridge !== undefined,
    overlay: /^nodev\s+overlay$/m.test(filesystems ?? ''),
    persisted,
  };
}

/** modules-load.d(5): one name per line, lines that start with # or ; are comments. */
async function readPersisted(host: ReadonlyHost): Promise<string[]> {
  const directory = '/etc/modules-load.d';
  const files = (await host.listDirectory(directory)).filter((name) => name.endsWith('.conf'));
  const texts = await Promise.all(files.map((name) => host.readFile(`${directory}/${name}`)));
  const lines = texts.flatMap((text) => (text ?? '').split('\n')).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== '' && !/^[#;]/.test(line)))].sort();
}
