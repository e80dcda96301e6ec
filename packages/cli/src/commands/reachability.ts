import type { Command } from 'commander';
import type { ReachabilityResource } from '../client/reachability-resource.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDocument } from '../output/format.ts';
import { reachabilityText } from '../output/reachability-text.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

interface ReachabilityOptions extends SharedOptions {
  readonly last?: boolean;
}

/** `drover reachability CLUSTER`: has the nodes try how they reach each other. Refused while something forbids a run. */
export function reachabilityCommand(run: RunCommand): Command {
  return sharedCommand('reachability', 'have the nodes try how they reach each other, and change nothing')
    .argument('<cluster>')
    .option('--last', 'show what was found the last time instead')
    .addHelpText('after', examples)
    .action((cluster: string, options: ReachabilityOptions) =>
      run(options, async ({ client, io, format }) => {
        const method = options.last === true ? 'GET' : 'POST';
        const path = `/clusters/${encodeURIComponent(cluster)}/reachability`;
        const found = (await client.json({ method, path, timeoutMs: 120_000 })) as ReachabilityResource;
        const isForPrograms = format === 'json' || format === 'yaml';
        const reader = { nowMs: io.now(), columns: io.stderr.columns };
        io.stdout.write(isForPrograms ? formatDocument(found, format) : reachabilityText(found, reader));
        const isForbidden = found.findings.some(({ severity }) => severity === 'error');
        return isForbidden ? exitCodes.refused : exitCodes.ok;
      }),
    );
}

const examples = `
Examples:
  drover reachability my-cluster           who reaches whom, on which ports
  drover reachability my-cluster --last    what was found the last time
  drover reachability my-cluster -o json   every port; ends with 4 where a run
                                           would be refused
`;
