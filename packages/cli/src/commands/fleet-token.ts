import { type Command, InvalidArgumentError } from 'commander';
import type { Client } from '../client/client.ts';
import type { FleetRule, FleetTokenCreated } from '../client/fleet-token-resource.ts';
import { parseMinutes } from './minutes.ts';

/** What a person chooses about a fleet token; what is left out, the coordinator chooses. */
export interface FleetTokenOptions {
  readonly hostname: readonly FleetRule[];
  readonly hardware: readonly FleetRule[];
  readonly atMost?: number;
  /** In minutes. */
  readonly ttl?: number;
}

/** Gives a command the options of a fleet token. */
export function addFleetTokenOptions(command: Command): Command {
  return command
    .option('--hostname <pattern>', 'let machines in whose hostnames fit, under these names', collectHostname, [])
    .option('--hardware <node=id>', 'let the machine in that has this hardware, as the node', collectHardware, [])
    .option('--at-most <machines>', 'how many are let in by rules (by default 100)', parseCount)
    .option('--ttl <minutes>', 'how long the token may be used (by default 43200: 30 days)', parseMinutes);
}

/** Has one made; its text is in this answer alone. */
export async function createFleetToken(
  client: Client,
  { hostname, hardware, atMost, ttl }: FleetTokenOptions,
): Promise<FleetTokenCreated> {
  const wanted = {
    rules: [...hardware, ...hostname],
    ...(ttl === undefined ? {} : { ttlMs: ttl * 60_000 }),
    ...(atMost === undefined ? {} : { atMost }),
  };
  const body = { type: 'application/json', text: JSON.stringify(wanted) } as const;
  return (await client.json({ method: 'POST', path: '/fleet-tokens', body })) as FleetTokenCreated;
}

/** Whom it lets in and until when, for people. */
export function describeFleetToken({ tokenId, rules, atMost, expiresAt }: FleetTokenCreated): string {
  const who = rules.length === 0 ? 'each machine waits for a person' : `at most ${atMost} by its rules`;
  return `fleet token ${tokenId}\n  ${who}, until ${expiresAt}\n`;
}

function collectHostname(hostname: string, before: readonly FleetRule[]): readonly FleetRule[] {
  return [...before, { hostname }];
}

function collectHardware(text: string, before: readonly FleetRule[]): readonly FleetRule[] {
  const [node = '', ...rest] = text.split('=');
  const hardware = rest.join('=');
  if (node === '' || hardware === '') throw new InvalidArgumentError('It has to be NODE=ID.');
  return [...before, { node, hardware }];
}

function parseCount(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It has to be a number.');
  return Number(text);
}
