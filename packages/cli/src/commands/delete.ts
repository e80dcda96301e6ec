import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

/** `drover delete cluster|node NAME`: the coordinator forgets it; no machine is touched. */
export function deleteCommand(run: RunCommand): Command {
  const group = new Command('delete').description('make the coordinator forget something; machines stay as they are');
  const cluster = { name: 'cluster', description: 'forget a cluster file', path: '/clusters' };
  const node = {
    name: 'node',
    description: 'forget a node that no stored cluster names; its agent is refused from then on',
    path: '/nodes',
  };
  for (const kind of [cluster, node]) group.addCommand(deletion(run, kind));
  return group;
}

/** A kind of thing that can be forgotten. */
interface Kind {
  readonly name: string;
  readonly description: string;
  readonly path: string;
}

function deletion(run: RunCommand, kind: Kind): Command {
  return sharedCommand(kind.name, kind.description)
    .argument('<name>')
    .action((name: string, options: SharedOptions) =>
      run(options, async ({ client, io }) => {
        await client.json({ method: 'DELETE', path: `${kind.path}/${encodeURIComponent(name)}` });
        io.stderr.write(`${kind.name} ${name} is forgotten; no machine was touched\n`);
        return exitCodes.ok;
      }),
    );
}
