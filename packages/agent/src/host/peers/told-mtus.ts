import { DroverError } from '@drover/core';
import type { Command, CommandResult } from '../host.ts';

/**
 * What routers have told the kernel of the ways to these addresses, by address: `cache … mtu 1400` of ip-route(8). One process for
 * all of them. Empty where `ip` is missing or fails.
 */
export async function readToldMtus(
  query: (command: Command) => Promise<CommandResult>,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  if (addresses.length === 0) return new Map();
  const input = addresses.map((address) => `route get ${address}\n`).join('');
  try {
    // Past an address without a route.
    const argv = ['ip', '-o', '-force', '-batch', '-'] as const;
    const { stdout } = await query({ argv, input, timeoutMs: 5_000, successStatuses: [0, 1, 2], signal });
    return new Map(stdout.split('\n').flatMap(readLine));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof DroverError) return new Map();
    throw error;
  }
}

function readLine(line: string): readonly [address: string, mtu: number][] {
  const [, address, mtu] = /^(?:[a-z]+ )?([0-9a-f.:]+) .*\bmtu (?:lock )?(\d+)/.exec(line) ?? [];
  return address === undefined ? [] : [[address, Number(mtu)]];
}
