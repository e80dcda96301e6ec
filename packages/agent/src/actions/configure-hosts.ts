import { isIP } from 'node:net';
import type { Fault } from '@drover/core';
import type { ConfigureHosts } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { EnsureAction, InspectContext } from './action.ts';
import { changesOfEdit, type FileEdit, makeEdit } from './files/file-edit.ts';
import { ownedLines, replaceOwnedBlock } from './owned-block.ts';
import { faultUnless, isHostname, rejectFaults } from './parameter-faults.ts';
import { ownBlock } from './shell/own-block.ts';
import { comment } from './shell/quote.ts';

const path = '/etc/hosts';

/**
 * The lines between Drover's marks in /etc/hosts. The block stands first: the resolver takes the first line that has the
 * name, and images come with lines that map a machine's name to 127.0.0.1. A block whose marks do not pair is
 * `file-malformed`.
 */
export const configureHosts: EnsureAction<'configure-hosts'> = {
  kind: 'ensure',
  name: 'configure-hosts',
  inspect: async (context, params) => {
    rejectFaults('configure-hosts', context.nodeName, params.entries.flatMap(entryFaults));
    const edit = await editOf(context, params);
    const before = ownedLines(edit.before ?? '').join('\n');
    const changes = changesOfEdit(edit, { before, after: renderLines(params).join('\n') });
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => makeEdit(context.host, await editOf(context, params)),
  byHand: (_context, params) => [
    comment('Lines between two marks at the top; all others stay as they are.'),
    ...ownBlock(path, renderLines(params)),
  ],
};

async function editOf({ host, nodeName }: InspectContext, params: ConfigureHosts): Promise<FileEdit> {
  const [before, status] = await Promise.all([host.readFile(path), host.status(path)]);
  const after = replaceOwnedBlock(before ?? '', renderLines(params));
  if (after !== undefined) return { path, before, after, mode: status?.mode ?? 0o644 };
  throw agentErrors.create('file-malformed', {
    tried: `write Drover's lines to ${path}`,
    node: nodeName,
    reason: 'the marks "# BEGIN drover" and "# END drover" in it do not make one block',
    remedy: 'Remove both marks and what belongs between them, then run again.',
  });
}

function renderLines({ entries }: ConfigureHosts): readonly string[] {
  return entries.map(({ address, names }) => `${address} ${names.join(' ')}`);
}

function entryFaults({ address, names }: ConfigureHosts['entries'][number], index: number): readonly Fault[] {
  return [
    ...faultUnless(isIP(address) !== 0, `entries[${index}].address`, `is no IP address: "${address}"`),
    ...faultUnless(names.length > 0, `entries[${index}].names`, 'is empty'),
    ...names.flatMap((name, i) =>
      faultUnless(isHostname(name), `entries[${index}].names[${i}]`, `is no host name: "${name}"`),
    ),
  ];
}
