import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { parseMinutes } from './minutes.ts';
import { nodeRemovalCommands } from './node-removal.ts';

interface WindowOptions extends SharedOptions {
  readonly ttl: number;
  readonly close?: true;
}

/** `drover nodes`: what people decide about nodes and the machines behind them. */
export function nodesCommand(run: RunCommand): Command {
  const nodes = new Command('nodes').description('what becomes of a node and its machine');
  for (const command of [...nodeRemovalCommands(run), rebuildWindowCommand(run), retryCommand(run)])
    nodes.addCommand(command);
  return nodes;
}

function rebuildWindowCommand(run: RunCommand): Command {
  return sharedCommand('rebuild-window', 'let a node’s machine be installed anew without approving it then')
    .argument('<node>')
    .option('--ttl <minutes>', 'how long it is open, for one return', parseMinutes, 60)
    .option('--close', 'close the one that is open')
    .addHelpText('after', windowHelp)
    .action((node: string, { ttl, close, ...options }: WindowOptions) =>
      run(options, async ({ client, io }) => {
        const path = `/nodes/${encodeURIComponent(node)}/rebuild-window`;
        if (close === true) {
          await client.json({ method: 'DELETE', path });
          io.stderr.write(`the rebuild window of ${node} is closed\n`);
          return exitCodes.ok;
        }
        const body = { type: 'application/json', text: JSON.stringify({ ttlMs: ttl * 60_000 }) } as const;
        const { expiresAt } = (await client.json({ method: 'POST', path, body })) as { readonly expiresAt: string };
        io.stderr.write(`the machine of ${node} may be installed anew until ${expiresAt}\n`);
        return exitCodes.ok;
      }),
    );
}

function retryCommand(run: RunCommand): Command {
  return sharedCommand('retry', 'have a node’s way back into its cluster tried again, once what blocked it is mended')
    .argument('<node>')
    .action((node: string, options: SharedOptions) =>
      run(options, async ({ client, io }) => {
        await client.json({ method: 'POST', path: `/nodes/${encodeURIComponent(node)}/rejoin/retry` });
        io.stderr.write(`${node} is brought back with a new plan: drover get nodes\n`);
        return exitCodes.ok;
      }),
    );
}

const windowHelp = `
It stands for your approval, for the next machine that comes back as the node. A
living node is not replaced, and a node of policy \`never\` not let in, by it.
`;
