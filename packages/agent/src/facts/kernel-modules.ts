import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { listConfigurationFiles } from './configuration-files.ts';

const directories = [
  '/etc/modules-load.d',
  '/run/modules-load.d',
  '/usr/local/lib/modules-load.d',
  '/usr/lib/modules-load.d',
];

/** The modules that a cluster needs, judged by what they make possible: built in counts, and a module list does not show that. */
export async function readKernelModules(host: ReadonlyHost): Promise<Facts['kernelModules']> {
  const [bridge, filesystems, loaded, persisted] = await Promise.all([
    host.status('/proc/sys/net/bridge/bridge-nf-call-iptables'),
    host.readFile('/proc/filesystems'),
    host.readFile('/proc/modules'),
    readPersisted(host),
  ]);
  const bridgeNetfilter = bridge !== undefined;
  const overlay = /^nodev\s+overlay$/m.test(filesystems ?? '');
  // In effect, and in no list of modules: a part of the kernel itself.
  const isModule = (name: string) => new RegExp(`^${name} `, 'm').test(loaded ?? '');
  const inEffect = [...(bridgeNetfilter ? ['br_netfilter'] : []), ...(overlay ? ['overlay'] : [])];
  return { bridgeNetfilter, overlay, persisted, builtIn: inEffect.filter((name) => !isModule(name)) };
}

/** modules-load.d(5): one name per line, lines that start with # or ; are comments; an earlier directory hides namesakes. */
async function readPersisted(host: ReadonlyHost): Promise<string[]> {
  const files = await listConfigurationFiles(host, directories);
  const texts = await Promise.all(files.map(({ path }) => host.readFile(path)));
  const lines = texts.flatMap((text) => (text ?? '').split('\n')).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== '' && !/^[#;]/.test(line)))].sort();
}
