import type { Command } from 'commander';
import type { Client } from '../client/client.ts';
import type { StandingFinding } from '../client/finding-resource.ts';
import type { ClusterResource } from '../client/resources.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, formatAge, formatRows } from '../output/format.ts';
import { printable } from '../output/printable.ts';
import { wrapProblemLine } from '../output/problem-text.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

const columns: readonly Column<StandingFinding>[] = [
  { title: 'CLUSTER', value: (finding) => finding.cluster, wideOnly: true },
  { title: 'NODE', value: (finding) => finding.node ?? '-' },
  { title: 'CHECK', value: (finding) => finding.check },
  { title: 'SEVERITY', value: (finding) => finding.severity },
  { title: 'SINCE', value: (finding, nowMs) => formatAge(finding.since, nowMs) },
  { title: 'STATE', value: stateOf },
  { title: 'FINDING', value: (finding) => printable(finding.message) },
  { title: 'EVIDENCE', value: (finding) => printable(finding.evidence.join('; ')), wideOnly: true },
];

function stateOf({ resolvedAt, unrepaired, policy }: StandingFinding): string {
  if (resolvedAt !== undefined) return 'over';
  return policy === 'repair' && unrepaired === undefined ? 'repair' : 'reported';
}

/** `drover drift [CLUSTER] [--node NODE] [--all]`: what members have become that they should not be, and since when. */
export function driftCommand(run: RunCommand): Command {
  return sharedCommand('drift', 'what on members is not as it has to be, since when')
    .argument('[cluster]', 'all of them by default')
    .option('--node <node>', 'of this node alone')
    .option('--all', 'also what is over since less than a day', false)
    .action((cluster: string | undefined, options: SharedOptions & { readonly node?: string; readonly all: boolean }) =>
      run(options, async ({ client, io, format }) => {
        const names = cluster === undefined ? await clusterNames(client) : [cluster];
        const lists = await Promise.all(names.map((name) => findingsOf(client, name, options)));
        const findings = lists.flat();
        io.stdout.write(formatRows(findings, columns, { format, nowMs: io.now() }));
        if (format === 'json' || format === 'yaml') return exitCodes.ok;
        for (const line of remedies(findings)) io.stderr.write(`${wrapProblemLine(line, io.stderr.columns)}\n`);
        return exitCodes.ok;
      }),
    );
}

async function clusterNames(client: Client): Promise<readonly string[]> {
  const { items } = (await client.json({ method: 'GET', path: '/clusters' })) as {
    readonly items: readonly ClusterResource[];
  };
  return items.map(({ name }) => name);
}

async function findingsOf(
  client: Client,
  cluster: string,
  { node, all }: { readonly node?: string; readonly all: boolean },
): Promise<readonly StandingFinding[]> {
  const query = new URLSearchParams({ ...(node === undefined ? {} : { node }), ...(all ? { state: 'all' } : {}) });
  const question = query.size === 0 ? '' : `?${query.toString()}`;
  const path = `/clusters/${encodeURIComponent(cluster)}/findings${question}`;
  const { items } = (await client.json({ method: 'GET', path })) as { readonly items: readonly StandingFinding[] };
  return items;
}

/** What a person can do, once for each kind of finding; what a run mends by itself needs nobody. */
function remedies(findings: readonly StandingFinding[]): readonly string[] {
  const lines = findings
    .filter((finding) => finding.resolvedAt === undefined && stateOf(finding) === 'reported')
    .map(({ cluster, check, remedy, fixedBy, unrepaired }) => {
      if (unrepaired !== undefined) return `${check}: not repaired: ${unrepaired}`;
      if (fixedBy === undefined) return `${check}: ${remedy}`;
      return `${check}: \`drover apply\` of ${cluster} mends it (${fixedBy}); spec.drift.checks.${check}: repair has it mended by itself.`;
    });
  return [...new Set(lines)];
}
