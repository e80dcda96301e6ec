import { Command } from 'commander';
import type { FleetRule, FleetTokenResource } from '../client/fleet-token-resource.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, formatDocument, formatRows } from '../output/format.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { addFleetTokenOptions, createFleetToken, describeFleetToken, type FleetTokenOptions } from './fleet-token.ts';

/** `drover fleet create|list|delete`: tokens that an image has, for all of its machines. */
export function fleetCommand(run: RunCommand): Command {
  const fleet = new Command('fleet').description('tokens that are part of an image, for many machines');
  for (const command of [createCommand(run), listCommand(run), deleteCommand(run)]) fleet.addCommand(command);
  return fleet;
}

function createCommand(run: RunCommand): Command {
  return addFleetTokenOptions(
    sharedCommand('create', 'make a token for an image; a machine that fits no rule waits for a person'),
  )
    .addHelpText('after', examples)
    .action((options: SharedOptions & FleetTokenOptions) =>
      run(options, async ({ client, io, format }) => {
        const created = await createFleetToken(client, options);
        io.stderr.write(describeFleetToken(created));
        io.stdout.write(
          format === 'json' || format === 'yaml' ? formatDocument(created, format) : `${created.token}\n`,
        );
        return exitCodes.ok;
      }),
    );
}

const columns: readonly Column<FleetTokenResource>[] = [
  { title: 'TOKEN', value: (token) => token.tokenId },
  { title: 'RULES', value: (token) => token.rules.map(describeRule).join(', ') || '-' },
  { title: 'STATE', value: (token) => token.state },
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

\`drover enroll snippet --fleet\` makes one inside what a provisioner is given.
`;
