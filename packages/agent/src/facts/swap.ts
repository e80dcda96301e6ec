import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

type Swap = Facts['swap'];

/** Swap that is on now, and everything that would switch it on again at the next boot. */
export async function readSwap(host: ReadonlyHost): Promise<Swap> {
  const [active, fstab, units] = await Promise.all([readActive(host), readFstab(host), readUnits(host)]);
  return { active, fstab, units };
}

/** proc(5), /proc/swaps: Filename, Type, Size in KiB, Used, Priority. */
async function readActive(host: ReadonlyHost): Promise<Swap['active']> {
  const table = (await host.readFile('/proc/swaps')) ?? '';
  const rows = [...table.matchAll(/^(\/\S+)\s+(\S+)\s+(\d+)/gm)];
  return rows.map(([, path = '', kind = '', size]) => ({
    path,
    kind: path.startsWith('/dev/zram') ? 'zram' : kind,
    sizeBytes: Number(size) * 1024,
  }));
}

/** The lines whose third field is `swap`: a comment, or a mount point with "swap" in its name, is none. */
async function readFstab(host: ReadonlyHost): Promise<string[]> {
  const lines = ((await host.readFile('/etc/fstab')) ?? '').split('\n');
  return lines.filter((line) => !/^\s*#/.test(line) && line.trim().split(/\s+/)[2] === 'swap');
}

/** In systemd's order of precedence (systemd.unit(5)); the late generator makes units of GPT swap partitions. */
const unitDirectories = [
  '/etc/systemd/system',
  '/run/systemd/generator',
  '/usr/lib/systemd/system',
  '/run/systemd/generator.late',
];

/** What makes swap without a swap unit: zram-tools of Debian, zram-config of Ubuntu, dphys-swapfile of Raspberry Pi. */
const services = ['zramswap.service', 'zram-config.service', 'dphys-swapfile.service'];
const targets = ['multi-user', 'local-fs', 'sysinit', 'basic', 'swap'];

/** Those that a target starts at boot, unless they are masked. */
async function readServices(host: ReadonlyHost): Promise<string[]> {
  const directory = '/etc/systemd/system';
  const found = await Promise.all(
    services.map(async (name) => {
      if ((await host.readLink(`${directory}/${name}`)) === '/dev/null') return [];
      const wants = targets.map((target) => host.status(`${directory}/${target}.target.wants/${name}`));
      return (await Promise.all(wants)).some((link) => link !== undefined) ? [name] : [];
    }),
  );
  return found.flat();
}

async function readUnits(host: ReadonlyHost): Promise<string[]> {
  const found = await Promise.all(
    unitDirectories.map(async (directory) => {
      const names = (await host.listDirectory(directory)).filter((name) => name.endsWith('.swap'));
      return names.map((name) => ({ name, path: `${directory}/${name}` }));
    }),
  );
  const units = await Promise.all(
    found.flat().map(async ({ name, path }) => ((await comesBack(host, name, path)) ? [name] : [])),
  );
  return [...new Set([...units.flat(), ...(await readServices(host))])].sort();
}

/** A masked unit does not come back; one that was generated from fstab is fstab's, which is reported by itself. */
async function comesBack(host: ReadonlyHost, name: string, path: string): Promise<boolean> {
  if ((await host.readLink(`/etc/systemd/system/${name}`)) === '/dev/null') return false;
  return !/^SourcePath=\/etc\/fstab$/m.test((await host.readFile(path)) ?? '');
}
