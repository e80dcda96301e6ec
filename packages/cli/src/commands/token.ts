import { Command, Option } from 'commander';
import type { TokenCreated, TokenResource } from '../client/resources.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, formatDocument, formatRows } from '../output/format.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { parseMinutes } from './minutes.ts';

interface CreateOptions extends SharedOptions {
  readonly ttl: number;
  readonly machine?: true;
}

/** `drover token create|list|delete`. */
export function tokenCommand(run: RunCommand): Command {
  const token = new Command('token').description('enrolment tokens');
  for (const command of [createCommand(run), listCommand(run), deleteCommand(run)]) token.addCommand(command);
  return token;
}

/** `drover token create NODE`: an enrolment token, shown this one time, alone on standard output. */
function createCommand(run: RunCommand): Command {
  return sharedCommand('create', 'make a one-use token with which one machine becomes the node')
    .argument('<node>', 'the node’s name, as in the cluster file')
    .option('--ttl <minutes>', 'how long it may be used', parseMinutes, 60)
    .addOption(
      new Option('--machine', 'a credential of the node’s own machine instead, for each image').conflicts('ttl'),
    )
    .addHelpText('after', examples)
    .action((node: string, options: CreateOptions) =>
      run(options, async ({ client, io, format }) => {
        const wanted = options.machine === true ? { node, use: 'machine' } : { node, ttlMs: options.ttl * 60_000 };
        const body = { type: 'application/json', text: JSON.stringify(wanted) } as const;
        const created = (await client.json({ method: 'POST', path: '/tokens', body })) as TokenCreated;
        const life = created.expiresAt === undefined ? untilDeleted(created) : `one use, until ${created.expiresAt}`;
        io.stderr.write(`token ${created.tokenId} for ${created.node}\n  ${life}\n`);
        io.stdout.write(
          format === 'json' || format === 'yaml' ? formatDocument(created, format) : `${created.token}\n`,
        );
        return exitCodes.ok;
      }),
    );
}

function untilDeleted({ tokenId }: TokenCreated): string {
  return `at each image of its machine, until it is deleted: drover token delete ${tokenId}`;
}

const columns: readonly Column<TokenResource>[] = [
  { title: 'TOKEN', value: (token) => token.tokenId },
  { title: 'NODE', value: (token) => token.node },
  { title: 'USE', value: (token) => token.use },
  { title: 'STATE', value: (token) => token.state },
  { title: 'EXPIRES', value: (token) => token.expiresAt ?? 'never' },
  { title: 'CREATED', value: (token) => token.createdAt, wideOnly: true },
];

function listCommand(run: RunCommand): Command {
  return sharedCommand('list', 'the tokens by their identifiers; their texts are not kept').action(
    (options: SharedOptions) =>
      run(options, async ({ client, io, format }) => {
        const answer = await client.json({ method: 'GET', path: '/tokens' });
        const { items } = answer as { readonly items: readonly TokenResource[] };
        io.stdout.write(formatRows(items, columns, { format, nowMs: io.now() }));
        return exitCodes.ok;
      }),
  );
}

function deleteCommand(run: RunCommand): Command {
  return sharedCommand('delete', 'make a token worthless')
    .argument('<token>', 'its identifier, as `drover token list` shows it')
    .action((tokenId: string, options: SharedOptions) =>
      run(options, async ({ client, io }) => {
        await client.json({ method: 'DELETE', path: `/tokens/${encodeURIComponent(tokenId)}` });
        io.stderr.write(`token ${tokenId} is worthless\n`);
        return exitCodes.ok;
      }),
    );
}

const examples = `
Examples:
  drover token create worker-1
  drover token create worker-1 --ttl 1440 > enrollment-token
                                        for a machine that is made today
`;
