import { DroverError, Secret } from '@drover/core';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { Client } from '../client/client.ts';
import type { CoordinatorResource, TokenCreated } from '../client/resources.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { writePrivateFile } from '../private-file.ts';
import type { AgentEndpoints, PackageSource } from '../snippets/machine-setup.ts';
import { renderSnippet, type SnippetFormat, snippetFormats } from '../snippets/render-snippet.ts';
import { type RunCommand, type SharedOptions, sharedCommand } from './command.ts';

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
    .argument('<node>', 'the node’s name, as in the cluster file')
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
    .action((node: string, options: SnippetOptions) =>
      run(options, async ({ client, io }) => {
        const source = packageSource(options);
        const coordinators = await findEndpoints(client, options.coordinator);
        const created = await createCredential(client, node);
        const credential = new Secret(created.token);
        const snippet = renderSnippet(options.format, { node, coordinators, credential, source });
        if (options.out === undefined) io.stdout.write(snippet.reveal());
        else await writeOrRevoke(client, created, { path: options.out, snippet });
        io.stderr.write(`machine credential ${created.tokenId} for ${node}: good until it is taken back\n`);
        io.stderr.write(`  drover token delete ${created.tokenId}\n`);
        return exitCodes.ok;
      }),
    );
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
async function findEndpoints(client: Client, hosts: readonly string[] = []): Promise<readonly AgentEndpoints[]> {
  const { agentEndpoints } = (await client.json({ method: 'GET', path: '/coordinator' })) as CoordinatorResource;
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

/** What nobody has got is not to stay valid. */
async function writeOrRevoke(
  client: Client,
  { tokenId }: TokenCreated,
  { path, snippet }: { readonly path: string; readonly snippet: Secret },
): Promise<void> {
  try {
    await writePrivateFile(path, 'the snippet', snippet);
  } catch (error) {
    if (error instanceof DroverError) await client.json({ method: 'DELETE', path: `/tokens/${tokenId}` });
    throw error;
  }
}

/** Names and addresses, without a port: an IPv6 address in brackets. */
function parseHosts(text: string, before: readonly string[] = []): readonly string[] {
  if (/^([\w.-]+|\[[\da-f:]+\])$/i.test(text)) return [...before, text];
  throw new InvalidArgumentError('It is a host without a port, as in drover.example.org, 10.0.12.2 or [fd00::1].');
}

/** It goes into files that a shell, systemd and dnf read: no quotes, no spaces. */
function parseAddress(text: string): string {
  if (URL.canParse(text) && /^(https?|file):\/\/[\w!$%&*+,./:;=?@~[\]-]+$/.test(text)) return text;
  throw new InvalidArgumentError('It is an address, as in https://packages.example.org/drover-agent.rpm.');
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

Whoever has it can be the node, as far as its rejoin policy goes: keep it as you
keep a password. It stays good over images, until it is taken back.
`;
