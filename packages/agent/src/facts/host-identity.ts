import type { Facts } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';

/** Who the machine says it is. None of it authorises anything: an image can be copied, and a virtual machine cloned. */
export async function readHostIdentity(host: ReadonlyHost): Promise<Facts['host']> {
  const [hostname, machineId, bootId, productUuid, uptime] = await Promise.all([
    readLine(host, '/proc/sys/kernel/hostname'),
    readLine(host, '/etc/machine-id'),
    readLine(host, '/proc/sys/kernel/random/boot_id'),
    readLine(host, '/sys/class/dmi/id/product_uuid'),
    readLine(host, '/proc/uptime'),
  ]);
  return {
    kind: host.kind,
    hostname: hostname ?? '',
    machineId,
    bootId,
    productUuid: productUuid?.toLowerCase() ?? null,
    uptimeSeconds: Number.parseFloat(uptime ?? '0'),
  };
}

async function readLine(host: ReadonlyHost, path: string): Promise<string | null> {
  const line = (await host.readFile(path))?.trim();
  return line === undefined || line === '' ? null : line;
}
