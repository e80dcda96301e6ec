import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import { findTpmDevice } from './tpm-device.ts';

/** Who the machine says it is. None of it authorises anything: an image can be copied, and a virtual machine cloned. */
export async function readHostIdentity(host: ReadonlyHost): Promise<Facts['host']> {
  const [hostname, machineId, bootId, productUuid, boardSerial, deviceMacs, tpmDevice, uptime] = await Promise.all([
    readLine(host, '/proc/sys/kernel/hostname'),
    readLine(host, '/etc/machine-id'),
    readLine(host, '/proc/sys/kernel/random/boot_id'),
    readLine(host, '/sys/class/dmi/id/product_uuid'),
    readLine(host, '/sys/class/dmi/id/board_serial'),
    readDeviceMacs(host),
    findTpmDevice(host),
    readLine(host, '/proc/uptime'),
  ]);
  return {
    kind: host.kind,
    hostname: hostname ?? '',
    staticHostname: await readStaticHostname(host),
    machineId,
    bootId,
    productUuid: productUuid?.toLowerCase() ?? null,
    boardSerial,
    deviceMacs,
    tpmDevice,
    uptimeSeconds: Number.parseFloat(uptime ?? '0'),
  };
}

/**
 * Of the interfaces that are devices, on whatever bus (Documentation/ABI/testing/sysfs-class-net: `device`): bridges, the
 * ends of pods' cables and tunnels have addresses that software made up.
 */
async function readDeviceMacs(host: ReadonlyHost): Promise<string[]> {
  const names = await host.listDirectory('/sys/class/net');
  const macs = await Promise.all(
    names.map(async (name) => {
      const device = await host.status(`/sys/class/net/${name}/device`);
      return device === undefined ? null : await readLine(host, `/sys/class/net/${name}/address`);
    }),
  );
  return macs.filter((mac) => mac !== null);
}

/** hostname(5): the first line that is no comment. */
async function readStaticHostname(host: ReadonlyHost): Promise<string | null> {
  const lines = ((await host.readFile('/etc/hostname')) ?? '').split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('#')) ?? null;
}

async function readLine(host: ReadonlyHost, path: string): Promise<string | null> {
  const line = (await host.readFile(path))?.trim();
  return line === undefined || line === '' ? null : line;
}
