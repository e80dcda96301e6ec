import { writeFile } from 'node:fs/promises';
import { messageOf } from '@drover/core';
import type { Command } from 'commander';
import { type ClusterProposal, missingValues, renderProposal } from '../adoption/render-proposal.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface AdoptOptions extends SharedOptions {
  readonly name: string;
  readonly caHash?: string;
  readonly out?: string;
}

/** `drover adopt --name NAME [NODE...]`: the cluster file of a cluster that is there already. It changes nothing. */
export function adoptCommand(run: RunCommand): Command {
  return sharedCommand('adopt', 'propose the cluster file of a kubeadm cluster that Drover did not make')
    .argument('[nodes...]', 'its nodes; all connected ones that show one cluster and are in none by default')
    .requiredOption('--name <cluster>', 'the name that the cluster is to have')
    .option('--ca-hash <hash>', 'of the cluster’s CA, where nodes show several')
    .option('--out <file>', 'write it there instead of to standard output')
    .addHelpText('after', examples)
    .action((nodes: readonly string[], options: AdoptOptions) =>
      run(options, async ({ client, io, format }) => {
        const { name, caHash, out } = options;
        const chosen = { ...(nodes.length === 0 ? {} : { nodes }), ...(caHash === undefined ? {} : { caHash }) };
        const proposal = (await client.json({
          method: 'POST',
          path: '/adoption',
          body: { type: 'application/json', text: JSON.stringify({ name, ...chosen }) },
          timeoutMs: 120_000,
        })) as ClusterProposal;
        const text = format === 'json' ? formatDocument(proposal, format) : renderProposal(proposal);
        if (out === undefined) io.stdout.write(text);
        else await write(out, text);
        io.stderr.write(nextSteps(proposal, out ?? 'FILE'));
        return exitCodes.ok;
      }),
    );
}

/** Never over a file that is there: it may be somebody's work. */
async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    throw cliErrors.create('file-unwritable', {
      tried: `write the proposed cluster file to ${path}`,
      reason: messageOf(error),
      cause: error,
    });
  }
}

function nextSteps({ document }: ClusterProposal, file: string): string {
  const { length } = missingValues(document);
  const missing =
    length === 0 ? '' : `${length} ${length === 1 ? 'value is' : 'values are'} to be filled in: look for FILL IN\n`;
  return [
    'nothing was stored, and no machine was changed\n',
    missing,
    `  drover plan -f ${file}                what a run would change\n`,
    `  drover apply -f ${file} --no-run      store it: no machine is changed\n`,
    `  drover apply -f ${file} --plan HASH   change what that plan says, and nothing else\n`,
  ].join('');
}

const examples = `
Examples:
  drover adopt --name old-cluster > old-cluster.yaml
  drover adopt --name old-cluster master-1 worker-1 --out old-cluster.yaml

Install the agent on the nodes and enrol them under the names of their Node
objects first (\`drover token create NAME\`).
`;
