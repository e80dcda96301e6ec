import { DroverError, Secret } from '@drover/core';
import { Command, Option } from 'commander';
import type { Client } from '../client/client.ts';
import type { CoordinatorResource, TokenCreated } from '../client/resources.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { writePrivateFile } from '../private-file.ts';
import type { AgentEndpoints, MachineSetup, PackageSource } from '../snippets/machine-setup.ts';
import { renderSnippet, type SnippetFormat, snippetFormats } from '../snippets/render-snippet.ts';
import { type CommandContext, type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { parseAddress, parseHosts } from './parse-address.ts';

interface SnippetOptions extends SharedOptions {
  readonly format: SnippetFormat;
  readonly rpm?: string;
  readonly repository?: string;
  readonly repositoryKey?: string;
  readonly coordinator?: readonly string[];
  readonly out?: string;
}

/** `drover enroll snippet`: how machines become nodes without anyone at them. */
export function enrollCommand(run: RunCommand): Command {
  const enroll = new Command('enroll').description('have machines become nodes by themselves');
  enroll.addCommand(snippetCommand(run));
  return enroll;
}

/** Makes a machine credential for the node and shows it this one time, inside what the provisioner is given. */
function snippetCommand(run: RunCommand): Command {
  return sharedCommand('snippet', 'what a provisioner gives to a machine at each image, with a credential in it')
    .argument('[node]', 'the node’s name, as in the cluster file; without it, for an image of many machines')
    .addOption(new Option('--format <format>', 'of which provisioner').choices(snippetFormats).makeOptionMandatory())
    .option('--rpm <url>', 'the agent’s package; otherwise drover-agent from a repository', parseAddress)
    .option('--repository <url>', 'the repository that has it, where the image knows none', parseAddress)
    .option('--repository-key <url>', 'the key that signs its packages', parseAddress)
    .option(
      '--coordinator <host...>',
      'where machines reach the coordinator, where not by its advertised names',
      parseHosts,
    )
    .option('--out <file>', 'write it there (mode 0600) instead of to standard output')
    .addHelpText('after', examples)
    .action((node: string | undefined, options: SnippetOptions) =>
      run(options, async (context) => {
        const source = packageSource(options);
        const coordinator = (await context.client.json({ method: 'GET', path: '/coordinator' })) as CoordinatorResource;
        const setup = { coordinators: endpointsOf(coordinator, options.coordinator), source };
        if (node === undefined) await showForImage(context, setup, coordinator.pin, options);
        else await showForNode(context, setup, node, options);
        return exitCodes.ok;
      }),
    );
}

type SharedSetup = Pick<MachineSetup, 'coordinators' | 'source'>;

async function showForNode(
  { client, io }: CommandContext,
  setup: SharedSetup,
  node: string,
  { format, out }: SnippetOptions,
): Promise<void> {
  const { tokenId, token } = await createCredential(client, node);
  const snippet = renderSnippet(format, { ...setup, node, credential: new Secret(token) });
  try {
    await show(io, snippet, out);
  } catch (error) {
    // What nobody has got is not to stay valid.
    if (error instanceof DroverError) await client.json({ method: 'DELETE', path: `/tokens/${tokenId}` });
    throw error;
  }
  io.stderr.write(`machine credential ${tokenId} for ${node}: good until it is taken back\n`);
  io.stderr.write(`  drover token delete ${tokenId}\n`);
}

async function showForImage(
  { io }: CommandContext,
  setup: SharedSetup,
  pin: string,
  { format, out }: SnippetOptions,
): Promise<void> {
  await show(io, renderSnippet(format, { ...setup, credential: new Secret(pin) }), out);
  io.stderr.write('there is nothing secret in it, and it lets nobody in: approve each machine\n  drover get claims\n');
}

async function show(io: Io, snippet: Secret, out: string | undefined): Promise<void> {
  if (out === undefined) io.stdout.write(snippet.reveal());
  else await writePrivateFile(out, 'the snippet', snippet);
}

function packageSource({ rpm, repository, repositoryKey }: SnippetOptions): PackageSource {
  const tried = 'make a snippet';
  if (rpm !== undefined && repository !== undefined)
    throw cliErrors.create('usage-invalid', { tried, reason: '--rpm and --repository both say where the package is' });
  if (repositoryKey !== undefined && repository === undefined)
    throw cliErrors.create('usage-invalid', { tried, reason: '--repository-key is given without --repository' });
  if (rpm !== undefined) return { kind: 'rpm', url: rpm };
  if (repository === undefined) return { kind: 'image' };
  return { kind: 'repository', url: repository, ...(repositoryKey === undefined ? {} : { keyUrl: repositoryKey }) };
}

/** Where the coordinator says that agents reach it; under the given hosts instead, where there are some. */
function endpointsOf(
  { agentEndpoints }: CoordinatorResource,
  hosts: readonly string[] = [],
): readonly AgentEndpoints[] {
  const [first] = agentEndpoints;
  if (hosts.length === 0 || first === undefined) return agentEndpoints;
  const port = (address: string): string => address.slice(address.lastIndexOf(':'));
  return hosts.map((host) => ({
    enrollment: `${host}${port(first.enrollment)}`,
    session: `${host}${port(first.session)}`,
  }));
}

async function createCredential(client: Client, node: string): Promise<TokenCreated> {
  const body = { type: 'application/json', text: JSON.stringify({ node, use: 'machine' }) } as const;
  return (await client.json({ method: 'POST', path: '/tokens', body })) as TokenCreated;
}

const examples = `
Examples:
  drover enroll snippet worker-1 --format cloud-init --out worker-1.yaml
                         as user data; drover-agent comes from a repository
  drover enroll snippet worker-1 --format kickstart \\
    --rpm https://packages.example.org/drover-agent.rpm
  drover enroll snippet worker-1 --format ignition \\
    --repository 'https://packages.example.org/el$releasever' \\
    --repository-key https://packages.example.org/key

Without a node it has no credential: machines of the image ask to be recognised,
and wait for \`drover claims approve CLAIM\`, or with \`--as NODE\` for a new one.
Whoever has a credential can be the node, as far as its rejoin policy goes: keep
it as you keep a password. It stays good over images, until it is taken back.
`;
