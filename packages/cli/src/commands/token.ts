import { Command, InvalidArgumentError } from 'commander';
import type { TokenCreated } from '../client/resources.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface TokenOptions extends SharedOptions {
  readonly ttl: number;
}

/** `drover token create NODE`: a one-use enrolment token, shown this one time, alone on standard output. */
export function tokenCommand(run: RunCommand): Command {
  const token = new Command('token').description('enrolment tokens');
  token.addCommand(
    sharedCommand('create', 'make a one-use token with which one machine becomes the node')
      .argument('<node>', 'the node’s name, as in the cluster file')
      .option('--ttl <minutes>', 'how long it may be used', parseMinutes, 60)
      .action((node: string, options: TokenOptions) =>
        run(options, async ({ client, io, format }) => {
          const created = (await client.json({
            method: 'POST',
            path: '/tokens',
            body: { type: 'application/json', text: JSON.stringify({ node, ttlMs: options.ttl * 60_000 }) },
          })) as TokenCreated;
          io.stderr.write(`token ${created.tokenId} for ${created.node}, one use, until ${created.expiresAt}\n`);
          io.stdout.write(
            format === 'json' || format === 'yaml' ? formatDocument(created, format) : `${created.token}\n`,
          );
          return exitCodes.ok;
        }),
      ),
  );
  return token;
}

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes > 0) return minutes;
  throw new InvalidArgumentError('It is a whole number of minutes.');
}
