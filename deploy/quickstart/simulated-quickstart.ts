import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { simulatedSummary } from './summary.ts';

const repositoryRoot = join(import.meta.dirname, '..', '..');
const directory = join(repositoryRoot, '.drover', 'simulated');
const place: CoordinatorPlace = { address: '127.0.0.1', directory, ports: usualPorts };

const agentEntry = ['packages', 'agent', 'src', 'main.ts'] as const;

/** The machines of deploy/examples/simulated.yaml. */
const machines = [
  { name: 'control-plane-1', address: '10.213.0.11' },
  { name: 'worker-1', address: '10.213.0.12' },
  { name: 'worker-2', address: '10.213.0.13' },
] as const;

/** The same coordinator and agents over simulated hosts: files in a folder, commands that are played. Needs no root. */
export async function runSimulatedQuickstart(pace: number, signal: AbortSignal): Promise<void> {
  const startedAtMs = performance.now();
  await endSimulation();
  process.stdout.write(
    'Drover, simulated: coordinator and agents are real, their hosts are played:\nnothing is installed anywhere.\n\n',
  );
  const { client } = await writeConfiguration(place);
  const drover = createDrover(client, signal);
  await startCoordinator(signal);
  await Promise.all(
    machines.map(async (machine) => {
      await prepareMachine(machine, pace, drover);
      await startAgent(machine.name, drover, signal);
    }),
  );
  process.stdout.write('simulated: coordinator and three agents are up\n');
  const example = join('deploy', 'examples', 'simulated.yaml');
  const exitCode = await drover.show(['apply', '-f', example]);
  if (exitCode !== 0)
    throw new Error(`the simulated run did not end well (exit code ${exitCode}); logs are in ${directory}`);
  await drover.show(['get', 'nodes']);
  process.stdout.write(simulatedSummary({ place, configuration: client, totalMs: performance.now() - startedAtMs }));
}

/** `npm start -- --simulated --again`: starts what of the simulation was killed, as systemd does on real machines. */
export async function restartSimulation(signal: AbortSignal): Promise<void> {
  if (!existsSync(configurationOf('coordinator')))
    throw new Error('there is no simulation yet: npm start -- --simulated');
  const drover = createDrover(join(directory, 'drover.yaml'), signal);
  const started: string[] = [];
  if ((await runningPid('coordinator')) === undefined) {
    await startCoordinator(signal);
    started.push('coordinator');
  }
  for (const { name } of machines) {
    if ((await runningPid(name)) !== undefined) continue;
    // Not waited for: a coordinator on a restored backup lets nobody in, and says so below.
    await startDaemon(name, agentEntry);
    started.push(`agent of ${name}`);
  }
  process.stdout.write(
    `simulated: ${started.length === 0 ? 'everything is running' : `started ${started.join(', ')}`}\n`,
  );
  await drover.show(['status']);
}

/** `npm start -- --simulated --down`. */
export async function takeSimulationDown(): Promise<void> {
  await endSimulation();
  process.stdout.write('The simulation is down: no process and no file of the simulated hosts is left.\n');
}

/** Ends the simulation's daemons, by the pids it recorded, then the units that outlive them, and removes its folder. */
async function endSimulation(): Promise<void> {
  for (const name of ['coordinator', ...machines.map((machine) => machine.name)]) {
    const pid = await runningPid(name);
    if (pid !== undefined) await end(pid);
  }
  for (const pid of await unitPids()) await end(pid);
  await rm(directory, { recursive: true, force: true });
}

async function startCoordinator(signal: AbortSignal): Promise<void> {
  const pid = await startDaemon('coordinator', ['packages', 'coordinator', 'src', 'main.ts']);
  await waitFor({ ...waiting('the coordinator', 'coordinator', signal), pid }, () => isServing(place));
}

/** Writes what a machine is, what its agent is told, and its token. */
async function prepareMachine(machine: (typeof machines)[number], pace: number, drover: Drover): Promise<void> {
  const { name, address } = machine;
  const folder = join(directory, name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'simulation.json'), JSON.stringify({ address, world: '../world', pace }));
  const tokenFile = join(folder, 'enrollment-token');
  await writeFile(tokenFile, await drover.read(['token', 'create', name]), { mode: 0o600 });
  const settings = {
    coordinators: agentAddresses(place),
    stateDirectory: join(folder, 'agent'),
    runtimeDirectory: join(folder, 'run'),
    enrollmentTokenFile: tokenFile,
    host: { kind: 'simulated', directory: folder },
  };
  await writeFile(configurationOf(name), `${JSON.stringify(settings, null, 2)}\n`);
}

async function startAgent(name: string, drover: Drover, signal: AbortSignal): Promise<void> {
  const pid = await startDaemon(name, agentEntry);
  await waitFor({ ...waiting(`the agent of ${name}`, name, signal), pid }, () => isConnected(drover, name));
}

function waiting(name: string, log: string, signal: AbortSignal) {
  return { name: `${name} (simulated)`, look: join(directory, `${log}.log`), timeoutMs: 30_000, signal };
}

/** Starts a daemon that outlives this process; its pid and its log are beside its configuration. */
async function startDaemon(name: string, entry: readonly string[]): Promise<number> {
  const log = await open(join(directory, `${name}.log`), 'a');
  try {
    const argumentList = [join(repositoryRoot, ...entry), '--config', configurationOf(name)];
    const daemon = spawn(process.execPath, argumentList, { detached: true, stdio: ['ignore', log.fd, log.fd] });
    if (daemon.pid === undefined) throw new Error(`cannot start ${name} (simulated)`);
    daemon.unref();
    await writeFile(join(directory, `${name}.pid`), `${daemon.pid}\n`);
    return daemon.pid;
  } finally {
    await log.close();
  }
}

function configurationOf(daemon: string): string {
  return daemon === 'coordinator' ? join(directory, 'coordinator.yaml') : join(directory, daemon, 'agent.yaml');
}

/** The pid that the daemon's file has, where that is still the daemon. */
async function runningPid(daemon: string): Promise<number | undefined> {
  const pid = Number(await readFile(join(directory, `${daemon}.pid`), 'utf8').catch(() => ''));
  return pid > 0 && (await runsForUs(pid)) ? pid : undefined;
}

/** Of the units of the simulated machines: their command line is the program and their own folder. */
async function unitPids(): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0 && pid !== process.pid);
  const isUnit = async (pid: number) => (await commandLine(pid)).at(-1)?.startsWith(`${directory}/`) === true;
  const found = await Promise.all(pids.map(isUnit));
  return pids.filter((_, index) => found[index]);
}

/** Whether a pid is still one of this simulation's daemons, and not a process that got the number since. */
async function runsForUs(pid: number): Promise<boolean> {
  return (await commandLine(pid)).some((argument) => argument.startsWith(`${directory}/`));
}

/** Empty for a process that has ended. */
async function commandLine(pid: number): Promise<readonly string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').slice(0, -1);
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const signal = AbortSignal.timeout(10_000);
  const name = `process ${pid} to end (simulated)`;
  await waitFor({ name, look: directory, timeoutMs: 8_000, signal }, async () => !(await runsForUs(pid)));
}
