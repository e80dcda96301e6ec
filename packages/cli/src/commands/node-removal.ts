import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import type { Client } from '../client/client.ts';
import type { RemovedNodeResource, RunResource } from '../client/resources.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Column, formatAge, formatRows } from '../output/format.ts';
import { patientCommand, type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { followStarted } from './runs.ts';

interface RemoveOptions extends SharedOptions {
  readonly dead?: boolean;
  readonly deleteUnmanagedPods?: boolean;
  readonly wait: boolean;
}

/** `drover nodes remove|removed|readmit|forget`: how nodes leave, and come back. */
export function nodeRemovalCommands(run: RunCommand): readonly Command[] {
  return [removeCommand(run), removedCommand(run), readmitCommand(run), forgetCommand(run)];
}

function removeCommand(run: RunCommand): Command {
  return patientCommand('remove', 'take a node out of its cluster: drained, out of etcd, reset')
    .argument('<node>')
    .option('--dead', 'its machine will not come back: ask nothing of it, give up what ran on it')
    .option('--delete-unmanaged-pods', 'also delete pods that no controller makes again')
    .option('--no-wait', 'do not wait for the end')
    .addHelpText('after', removeHelp)
    .action((node: string, { dead = false, deleteUnmanagedPods = false, ...options }: RemoveOptions) =>
      run(options, async (context) => {
        const { client, io } = context;
        const started = (await client.json({
          method: 'POST',
          path: `/nodes/${encodeURIComponent(node)}/remove`,
          headers: { 'idempotency-key': randomUUID() },
          body: { type: 'application/json', text: JSON.stringify({ dead, deleteUnmanagedPods }) },
          timeoutMs: 120_000,
        })) as RunResource;
        io.stderr.write(`run ${started.runId} started: ${node} leaves ${started.cluster}\n`);
        const code = await followStarted(context, started, options.wait);
        if (code === exitCodes.ok && options.wait)
          io.stderr.write(
            `${node} is out of ${started.cluster}. Take it out of the cluster file too, or it joins again:\n` +
              `  drover apply -f FILE\n  drover delete node ${node}\n`,
          );
        return code;
      }),
    );
}

const removedColumns: readonly Column<RemovedNodeResource>[] = [
  { title: 'NAME', value: (node) => node.name },
  { title: 'REMOVED', value: (node, nowMs) => `${formatAge(node.removedAt, nowMs)} ago` },
  { title: 'ID', value: (node) => node.nodeId },
];

function removedCommand(run: RunCommand): Command {
  return sharedCommand('removed', 'the nodes that were removed: their machines are refused').action(
    (options: SharedOptions) =>
      run(options, async ({ client, io, format }) => {
        io.stdout.write(formatRows(await listRemoved(client), removedColumns, { format, nowMs: io.now() }));
        return exitCodes.ok;
      }),
  );
}

function readmitCommand(run: RunCommand): Command {
  return sharedCommand('readmit', 'take a removed node back as what it was')
    .argument('<node>', 'its name, or its identifier where several had the name')
    .action((node: string, options: SharedOptions) =>
      run(options, async ({ client, io }) => {
        await client.json({ method: 'POST', path: `/removed-nodes/${await findRemoved(client, node)}/readmit` });
        io.stderr.write(`${node} is a node again; it joins its cluster once its machine is connected\n`);
        return exitCodes.ok;
      }),
    );
}

function forgetCommand(run: RunCommand): Command {
  return sharedCommand('forget', 'forget that a removed node ever was: its machine is then a new one')
    .argument('<node>', 'its name, or its identifier where several had the name')
    .action((node: string, options: SharedOptions) =>
      run(options, async ({ client, io }) => {
        await client.json({ method: 'DELETE', path: `/removed-nodes/${await findRemoved(client, node)}` });
        io.stderr.write(`${node} is forgotten; no machine was touched\n`);
        return exitCodes.ok;
      }),
    );
}

async function listRemoved(client: Client): Promise<readonly RemovedNodeResource[]> {
  const answer = await client.json({ method: 'GET', path: '/removed-nodes' });
  return (answer as { readonly items: readonly RemovedNodeResource[] }).items;
}

/** The identifier, as part of a path. What is not there is named as it was given: the coordinator says so. */
async function findRemoved(client: Client, node: string): Promise<string> {
  const [only, ...others] = (await listRemoved(client)).filter(({ name, nodeId }) => name === node || nodeId === node);
  if (only === undefined || others.length === 0) return encodeURIComponent(only?.nodeId ?? node);
  throw cliErrors.create('usage-invalid', {
    tried: `find the removed node ${node}`,
    reason: `${others.length + 1} removed nodes had this name: ${[only, ...others].map(({ nodeId }) => nodeId).join(', ')}`,
    remedy: 'Give the identifier of one of them; `drover nodes removed` shows when each was removed.',
  });
}

const removeHelp = `
Its machine is empty of Kubernetes afterwards, and stays a node of Drover's
until \`drover delete node\`: from then on it is refused, whatever it shows.
`;
