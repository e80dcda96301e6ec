import { Command, InvalidArgumentError } from 'commander';
import type { FleetRule, FleetTokenCreated, FleetTokenResource } from '../client/fleet-token-resource.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, formatDocument, formatRows } from '../output/format.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { parseMinutes } from './minutes.ts';

interface CreateOptions extends SharedOptions {
  readonly ttl: number;
  readonly atMost?: number;
  readonly hostname: readonly FleetRule[];
  readonly hardware: readonly FleetRule[];
}

/** `drover fleet create|list|delete`: tokens that an image has, for all of its machines. */
export function fleetCommand(run: RunCommand): Command {
  const fleet = new Command('fleet').description('tokens that are part of an image, for many machines');
  for (const command of [createCommand(run), listCommand(run), deleteCommand(run)]) fleet.addCommand(command);
  return fleet;
}

function createCommand(run: RunCommand): Command {
  const monthMinutes = 30 * 24 * 60;
  return sharedCommand('create', 'make a token for an image; a machine that fits no rule waits for a person')
    .option('--hostname <pattern>', 'let machines in whose hostnames fit, under these names', collectHostname, [])
    .option('--hardware <node=id>', 'let the machine in that has this hardware, as the node', collectHardware, [])
    .option('--at-most <machines>', 'how many are let in by rules', parseCount)
    .option('--ttl <minutes>', 'how long it may be used', parseMinutes, monthMinutes)
    .addHelpText('after', examples)
    .action((options: CreateOptions) =>
      run(options, async ({ client, io, format }) => {
        const { hostname, hardware, atMost, ttl } = options;
        const rules = [...hardware, ...hostname];
        const wanted = { rules, ttlMs: ttl * 60_000, ...(atMost === undefined ? {} : { atMost }) };
        const body = { type: 'application/json', text: JSON.stringify(wanted) } as const;
        const created = (await client.json({ method: 'POST', path: '/fleet-tokens', body })) as FleetTokenCreated;
        const who = rules.length === 0 ? 'each machine waits for a person' : `at most ${created.atMost} by its rules`;
        io.stderr.write(`fleet token ${created.tokenId}\n  ${who}, until ${created.expiresAt}\n`);
        io.stdout.write(
          format === 'json' || format === 'yaml' ? formatDocument(created, format) : `${created.token}\n`,
        );
        return exitCodes.ok;
      }),
    );
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

const columns: readonly Column<FleetTokenResource>[] = [
  { title: 'TOKEN', value: (token) => token.tokenId },
  { title: 'RULES', value: (token) => token.rules.map(describeRule).join(', ') || '-' },
  { title: 'LET IN', value: (token) => `${token.letIn} of ${token.atMost}` },
  { title: 'EXPIRES', value: (token) => token.expiresAt },
  { title: 'CREATED', value: (token) => token.createdAt, wideOnly: true },
];

function describeRule(rule: FleetRule): string {
  return 'hostname' in rule ? rule.hostname : `${rule.node}=${rule.hardware}`;
}

function listCommand(run: RunCommand): Command {
  return sharedCommand('list', 'the tokens by their identifiers; their texts are not kept').action(
    (options: SharedOptions) =>
      run(options, async ({ client, io, format }) => {
        const answer = await client.json({ method: 'GET', path: '/fleet-tokens' });
        const { items } = answer as { readonly items: readonly FleetTokenResource[] };
        io.stdout.write(formatRows(items, columns, { format, nowMs: io.now() }));
        return exitCodes.ok;
      }),
  );
}

function deleteCommand(run: RunCommand): Command {
  return sharedCommand('delete', 'make a token worthless; whoever was let in by it stays')
    .argument('<token>', 'its identifier, as `drover fleet list` shows it')
    .action((tokenId: string, options: SharedOptions) =>
      run(options, async ({ client, io }) => {
        await client.json({ method: 'DELETE', path: `/fleet-tokens/${encodeURIComponent(tokenId)}` });
        io.stderr.write(`fleet token ${tokenId} is worthless\n`);
        return exitCodes.ok;
      }),
    );
}

const examples = `
Everybody who has the image has the token. Give rules where that is as good as
being asked: a name that a machine calls itself proves nothing.

Examples:
  drover fleet create                   each machine waits: drover get claims
  drover fleet create --hardware worker-7=4c4c4544-0042-3510-8052-b3c04f4b4e32
  drover fleet create --hostname 'worker-*' --at-most 20 --ttl 120
`;
