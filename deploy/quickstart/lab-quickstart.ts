import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkMachine,
  createProgress,
  down,
  execOnHost,
  type Host,
  installAgent,
  installPackages,
  type Lab,
  labFromEnvironment,
  logFile,
  machineAddress,
  missingPackages,
  type Progress,
  publishAgentPackage,
  renderNetworkManifest,
  runLogged,
  serviceLog,
  showPart,
  startService,
  systemProgressClock,
  up,
} from '@drover/lab';
import { buildToolPackages } from '@drover/rpm/build-tools';
import { parse } from 'yaml';
import {
  agentAddresses,
  type CoordinatorPlace,
  isConnected,
  isServing,
  usualPorts,
  waitFor,
  writeConfiguration,
} from './coordinator.ts';
import { createDrover, type Drover } from './drover.ts';
import { labSummary } from './summary.ts';

const repositoryRoot = join(import.meta.dirname, '..', '..');
const exampleFile = join(repositoryRoot, 'deploy', 'examples', 'lab.yaml');

/** What a start may be told. */
export interface LabStart {
  /** A cluster file for hosts as the lab names and addresses them. @default deploy/examples/lab.yaml */
  readonly cluster: string | undefined;
  readonly signal: AbortSignal;
}

/** Real hosts of this machine, as many as the cluster file names, become a cluster. Goes on where an earlier, interrupted start was. */
export async function runLabQuickstart({ cluster = exampleFile, signal }: LabStart): Promise<void> {
  const startedAtMs = performance.now();
  const lab = labFromEnvironment(process.env);
  await requireMachine(lab);
  const wanted = await readWantedHosts(cluster);
  const { hosts: count } = wanted;
  process.stdout.write(
    `Drover: ${count} real hosts on this machine become a Kubernetes cluster. Log: ${logFile(lab)}\n\n`,
  );
  const place = { address: machineAddress(lab), directory: lab.directory, ports: usualPorts };
  const progress = createProgress({
    stream: process.stdout,
    isTerminal: process.stdout.isTTY,
    logFile: logFile(lab),
    clock: systemProgressClock(),
  });
  const { hosts, drover, configuration } = await prepare(lab, wanted, { place, progress, signal }).finally(() =>
    progress.close(),
  );
  const preparedMs = performance.now() - startedAtMs;
  const exitCode = await drover.show(['apply', '-f', await clusterFile(lab, cluster)]);
  if (exitCode !== 0)
    throw new Error(`the run did not end well (exit code ${exitCode}); the lab stays up to be looked at`);
  await showNodes(lab, hosts[0]);
  process.stdout.write(
    labSummary({
      place,
      configuration,
      cluster: wanted.name,
      preparedMs,
      totalMs: performance.now() - startedAtMs,
      log: serviceLog(lab, 'coordinator'),
    }),
  );
}

/** Takes the lab down, the coordinator in it included. */
export async function takeLabDown(): Promise<void> {
  await down(labFromEnvironment(process.env));
  process.stdout.write('The lab is down; caches stay in ~/.cache/drover.\n');
}

async function requireMachine(lab: Lab): Promise<void> {
  const problems = await checkMachine(lab);
  if (problems.length === 0) return;
  const lines = problems.map(({ id, problem, remedy }) => `  ${id}: ${problem}\n    ${remedy}`);
  throw Object.assign(new Error(`this machine cannot run the lab, and nothing was touched:\n${lines.join('\n')}`), {
    remedy: 'The same with simulated hosts, without root: npm start -- --simulated',
  });
}

interface Prepared {
  readonly hosts: readonly Host[];
  readonly drover: Drover;
  /** The client's configuration file. */
  readonly configuration: string;
}

interface Preparation {
  readonly place: CoordinatorPlace;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

async function prepare(lab: Lab, wanted: WantedHosts, { place, progress, signal }: Preparation): Promise<Prepared> {
  await provideBuildTools(lab, progress, signal);
  const [{ hosts }] = await Promise.all([
    up(lab, { ...wanted, progress, signal }),
    showPart(progress, 'drover-agent package', 30_000, () => buildAgentPackage(lab, signal)),
  ]);
  await publishAgentPackage(lab, await agentPackage(), { signal });
  const configuration = await showPart(progress, 'coordinator', 3_000, () => startCoordinator(lab, place, signal));
  const drover = createDrover(configuration, signal);
  await Promise.all(
    hosts.map((host) =>
      showPart(progress, `agent on ${host.name}`, 10_000, () => startAgent(lab, host, { place, drover, signal })),
    ),
  );
  return { hosts, drover, configuration };
}

/** Before everything that runs side by side: apt lets only one in at a time, and the lab installs packages too. */
async function provideBuildTools(lab: Lab, progress: Progress, signal: AbortSignal): Promise<void> {
  if ((await missingPackages(buildToolPackages)).length === 0) return;
  await showPart(progress, 'build tools', 20_000, async (part) => {
    part.done((await installPackages(buildToolPackages, { log: logFile(lab), signal })).join(' '));
  });
}

async function buildAgentPackage(lab: Lab, signal: AbortSignal): Promise<void> {
  const argumentList = [join(repositoryRoot, 'deploy', 'rpm', 'package.ts'), '--rpm-only', 'drover-agent'];
  await runLogged(process.execPath, argumentList, { log: logFile(lab), timeoutMs: 300_000, signal });
}

async function agentPackage(): Promise<string> {
  const manifest = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8')) as { version: string };
  return join(repositoryRoot, 'dist', `drover-agent-${manifest.version}-1.x86_64.rpm`);
}

async function startCoordinator(lab: Lab, place: CoordinatorPlace, signal: AbortSignal): Promise<string> {
  const { coordinator, client } = await writeConfiguration(place);
  const entry = join(repositoryRoot, 'packages', 'coordinator', 'src', 'main.ts');
  const pid = await startService(lab, {
    name: 'coordinator',
    argv: [process.execPath, entry, '--config', coordinator],
  });
  const look = serviceLog(lab, 'coordinator');
  await waitFor({ name: 'the coordinator', pid, look, timeoutMs: 30_000, signal }, () => isServing(place));
  return client;
}

interface AgentStart {
  readonly place: CoordinatorPlace;
  readonly drover: Drover;
  readonly signal: AbortSignal;
}

async function startAgent(lab: Lab, host: Host, { place, drover, signal }: AgentStart): Promise<void> {
  if (!(await isConnected(drover, host.name))) {
    const token = (await drover.read(['token', 'create', host.name])).trim();
    await installAgent(lab, host, { coordinators: agentAddresses(place), token }, { signal });
  }
  const look = `npm run lab -- logs ${host.name}`;
  await waitFor({ name: `the agent of ${host.name}`, look, timeoutMs: 60_000, signal }, () =>
    isConnected(drover, host.name),
  );
}

interface WantedHosts {
  /** The cluster's name. */
  readonly name: string;
  readonly hosts: number;
  readonly controlPlanes: number;
}

interface ClusterFile {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly nodes?: readonly { readonly role?: unknown }[] };
}

/** Which hosts a cluster file is about. What else is wrong with it the coordinator says. */
async function readWantedHosts(file: string): Promise<WantedHosts> {
  const document = parse(await readFile(file, 'utf8')) as ClusterFile | null;
  const nodes = document?.spec?.nodes ?? [];
  const name = document?.metadata?.name ?? 'lab';
  return { name, hosts: nodes.length, controlPlanes: nodes.filter(({ role }) => role === 'control-plane').length };
}

/** The cluster file; a copy with this lab's addresses where they are not the usual ones. */
async function clusterFile(lab: Lab, file: string): Promise<string> {
  if (lab.subnet === '10.213.0') return file;
  const copy = join(lab.directory, 'cluster.yaml');
  const network = join(lab.directory, 'network.yaml');
  await writeFile(network, await renderNetworkManifest(`${lab.subnet}.1:5000`));
  const text = (await readFile(file, 'utf8')).replaceAll('10.213.0.', `${lab.subnet}.`);
  await writeFile(copy, text.replace('../lab/manifests/network.yaml', network));
  return copy;
}

async function showNodes(lab: Lab, controlPlane: Host | undefined): Promise<void> {
  if (controlPlane === undefined) throw new Error('the lab has no hosts');
  const kubectl = ['kubectl', 'get', 'nodes', '-o', 'wide'];
  const { stdout, stderr } = await execOnHost(lab, controlPlane, kubectl, { timeoutMs: 30_000 });
  process.stdout.write(`\n$ npm run lab -- exec ${controlPlane.name} -- ${kubectl.join(' ')}\n${stdout}${stderr}`);
}
