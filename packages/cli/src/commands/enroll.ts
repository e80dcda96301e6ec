import type { Secret } from '@drover/core';
import { Command, Option } from 'commander';
import type { CoordinatorResource } from '../client/resources.ts';
import { cliErrors } from '../errors.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { writePrivateFile } from '../private-file.ts';
import type { AgentEndpoints, PackageSource } from '../snippets/machine-setup.ts';
import { renderSnippet, type SnippetFormat, snippetFormats } from '../snippets/render-snippet.ts';
import { type CommandContext, type RunCommand, type SharedOptions, sharedCommand } from './command.ts';
import { addFleetTokenOptions, type FleetTokenOptions } from './fleet-token.ts';
import { parseAddress, parseHosts } from './parse-address.ts';
import {
  createFleetCredential,
  createMachineCredential,
  type SnippetCredential,
  withoutCredential,
} from './snippet-credential.ts';

interface SnippetOptions extends SharedOptions, FleetTokenOptions {
  readonly format: SnippetFormat;
  readonly rpm?: string;
  readonly deb?: string;
  readonly repository?: string;
  readonly repositoryKey?: string;
  readonly coordinator?: readonly string[];
  readonly out?: string;
  readonly fleet?: true;
}

/** `drover enroll snippet`: how machines become nodes without anyone at them. */
export function enrollCommand(run: RunCommand): Command {
  const enroll = new Command('enroll').description('have machines become nodes by themselves');
  enroll.addCommand(snippetCommand(run));
  return enroll;
}

/** Has a credential made for the node or for an image, and shows it this one time, inside what the provisioner is given. */
function snippetCommand(run: RunCommand): Command {
  const command = sharedCommand(
    'snippet',
    'what a provisioner gives to a machine at each image, with a credential in it',
  )
    .argument('[node]', 'the node’s name, as in the cluster file; without it, for an image of many machines')
    .addOption(new Option('--format <format>', 'of which provisioner').choices(snippetFormats).makeOptionMandatory())
    .option('--rpm <url>', 'the agent’s package; otherwise drover-agent from a repository', parseAddress)
    .option('--deb <url>', 'the same for a machine of Debian’s family, in cloud-init', parseAddress)
    .option('--repository <url>', 'the repository that has it, where the image knows none', parseAddress)
    .option('--repository-key <url>', 'the key that signs its packages', parseAddress)
    .option(
      '--coordinator <host...>',
      'where machines reach the coordinator, where not by its advertised names',
      parseHosts,
    )
    .option('--out <file>', 'write it there (mode 0600) instead of to standard output')
    .option('--fleet', 'with a token that all machines of the image have, as `drover fleet create` makes one');
  return addFleetTokenOptions(command)
    .addHelpText('after', examples)
    .action((node: string | undefined, options: SnippetOptions) =>
      run(options, async (context) => {
        const source = packageSource(options);
        requireFleet(node, options);
        const coordinator = (await context.client.json({ method: 'GET', path: '/coordinator' })) as CoordinatorResource;
        const coordinators = endpointsOf(coordinator, options.coordinator);
        const credential = await createCredential(context, { node, pin: coordinator.pin, options });
        const setup = { coordinators, source, credential: credential.secret, ...(node === undefined ? {} : { node }) };
        try {
          await show(context.io, renderSnippet(options.format, setup), options.out);
        } catch (error) {
          await credential.takeBack();
          throw error;
        }
        context.io.stderr.write(credential.note);
        return exitCodes.ok;
      }),
    );
}

/** A node has a credential of its own, and a token's options are of use where there is one. */
function requireFleet(node: string | undefined, options: SnippetOptions): void {
  const { fleet, hostname, hardware, atMost, ttl } = options;
  const tried = 'make a snippet';
  if (fleet === true && node !== undefined)
    throw cliErrors.create('usage-invalid', { tried, reason: `--fleet is for many machines, and ${node} is one` });
  const isBounded = hostname.length + hardware.length > 0 || atMost !== undefined || ttl !== undefined;
  if (fleet !== true && isBounded)
    throw cliErrors.create('usage-invalid', { tried, reason: 'rules and bounds are those of a token: add --fleet' });
}

interface Wanted {
  readonly node: string | undefined;
  readonly pin: string;
  readonly options: SnippetOptions;
}

async function createCredential({ client }: CommandContext, wanted: Wanted): Promise<SnippetCredential> {
  const { node, pin, options } = wanted;
  if (node !== undefined) return await createMachineCredential(client, node);
  return options.fleet === true ? await createFleetCredential(client, options) : withoutCredential(pin);
}

async function show(io: Io, snippet: Secret, out: string | undefined): Promise<void> {
  if (out === undefined) io.stdout.write(snippet.reveal());
  else await writePrivateFile(out, 'the snippet', snippet);
}

function packageSource({ format, rpm, deb, repository, repositoryKey }: SnippetOptions): PackageSource {
  const tried = 'make a snippet';
  const [given, another] = Object.entries({ rpm, deb, repository }).flatMap(([name, url]) =>
    url ? [`--${name}`] : [],
  );
  if (another !== undefined)
    throw cliErrors.create('usage-invalid', { tried, reason: `${given} and ${another} both say where the package is` });
  if (repositoryKey !== undefined && repository === undefined)
    throw cliErrors.create('usage-invalid', { tried, reason: '--repository-key is given without --repository' });
  if (deb !== undefined && format !== 'cloud-init')
    throw cliErrors.create('usage-invalid', { tried, reason: `--deb is for cloud-init: ${format} installs RPMs` });
  if (rpm !== undefined) return { kind: 'rpm', url: rpm };
  if (deb !== undefined) return { kind: 'deb', url: deb };
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

const examples = `
Examples:
  drover enroll snippet worker-1 --format cloud-init --out worker-1.yaml
                         as user data; drover-agent comes from a repository
  drover enroll snippet worker-1 --format kickstart \\
    --rpm https://packages.example.org/drover-agent.rpm
  drover enroll snippet worker-1 --format cloud-init \\
    --deb https://packages.example.org/drover-agent.deb
                         for a machine of Debian’s family
  drover enroll snippet worker-1 --format ignition \\
    --repository 'https://packages.example.org/el$releasever' \\
    --repository-key https://packages.example.org/key

  drover enroll snippet --fleet --hostname 'worker-*' --format cloud-init
                         for all machines of an image; new ones that fit a
                         rule are let in, the others wait

Without a node and without --fleet it has no credential: machines of the image
ask to be recognised, and wait for \`drover claims approve CLAIM\`, or with
\`--as NODE\` for a new one.
Whoever has a credential can be the node, as far as its rejoin policy goes: keep
it as you keep a password. It stays good over images, until it is taken back.
`;
