import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
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

/** The machines of deploy/examples/simulated.yaml. */
const machines = [
  { name: 'control-plane-1', address: '10.213.0.11' },
  { name: 'worker-1', address: '10.213.0.12' },
  { name: 'worker-2', address: '10.213.0.13' },
] as const;

/** The same coordinator and agents over simulated hosts: files in a folder, commands that are played. Needs no root. */
export async function runSimulatedQuickstart(signal: AbortSignal): Promise<void> {
  const startedAtMs = performance.now();
  await endSimulation();
  process.stdout.write(
    'Drover, simulated: coordinator and agents are real, their hosts are played: nothing is installed anywhere.\n\n',
  );
  const { coordinator, client } = await writeConfiguration(place);
  const pid = await startDaemon('coordinator', ['packages', 'coordinator', 'src', 'main.ts'], coordinator);
  const drover = createDrover(client, signal);
  await waitFor({ ...waiting('the coordinator', 'coordinator', signal), pid }, () => isServing(place));
  await Promise.all(machines.map((machine) => startMachine(machine, drover, signal)));
  process.stdout.write('simulated: coordinator and three agents are up\n');
  const example = join('deploy', 'examples', 'simulated.yaml');
  const exitCode = await drover.show(['apply', '-f', example]);
  if (exitCode !== 0)
    throw new Error(`the simulated run did not end well (exit code ${exitCode}); logs are in ${directory}`);
  await drover.show(['get', 'nodes']);
  process.stdout.write(simulatedSummary({ place, configuration: client, totalMs: performance.now() - startedAtMs }));
}

/** `npm start -- --simulated --down`. */
export async function takeSimulationDown(): Promise<void> {
  await endSimulation();
  process.stdout.write('The simulation is down: no process and no file of the simulated hosts is left.\n');
}

/** Ends the simulation's processes, by the pids it recorded, and removes its folder. */
async function endSimulation(): Promise<void> {
  for (const name of ['coordinator', ...machines.map((machine) => machine.name)]) {
    const recorded = await readFile(join(directory, `${name}.pid`), 'utf8').catch(() => '');
    const pid = Number(recorded);
    if (pid > 0 && (await runsForUs(pid))) await end(pid);
  }
  await rm(directory, { recursive: true, force: true });
}

async function startMachine(machine: (typeof machines)[number], drover: Drover, signal: AbortSignal): Promise<void> {
  const folder = join(directory, machine.name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'simulation.json'), JSON.stringify({ address: machine.address, world: '../world' }));
  const tokenFile = join(folder, 'enrollment-token');
  const token = await drover.read(['token', 'create', machine.name]);
  await writeFile(tokenFile, token, { mode: 0o600 });
  const configuration = join(folder, 'agent.yaml');
  const settings = {
    coordinators: agentAddresses(place),
    stateDirectory: join(folder, 'agent'),
    runtimeDirectory: join(folder, 'run'),
    enrollmentTokenFile: tokenFile,
    host: { kind: 'simulated', directory: folder },
  };
  await writeFile(configuration, `${JSON.stringify(settings, null, 2)}\n`);
  const pid = await startDaemon(machine.name, ['packages', 'agent', 'src', 'main.ts'], configuration);
  await waitFor({ ...waiting(`the agent of ${machine.name}`, machine.name, signal), pid }, () =>
    isConnected(drover, machine.name),
  );
}

function waiting(name: string, log: string, signal: AbortSignal) {
  return { name: `${name} (simulated)`, look: join(directory, `${log}.log`), timeoutMs: 30_000, signal };
}

/** Starts a daemon that outlives this process; its pid and its log are beside its configuration. */
async function startDaemon(name: string, entry: readonly string[], configuration: string): Promise<number> {
  const log = await open(join(directory, `${name}.log`), 'a');
  try {
    const argumentList = [join(repositoryRoot, ...entry), '--config', configuration];
    const daemon = spawn(process.execPath, argumentList, { detached: true, stdio: ['ignore', log.fd, log.fd] });
    if (daemon.pid === undefined) throw new Error(`cannot start ${name} (simulated)`);
    daemon.unref();
    await writeFile(join(directory, `${name}.pid`), String(daemon.pid));
    return daemon.pid;
  } finally {
    await log.close();
  }
}

/** Whether a pid is still one of this simulation's daemons, and not a process that got the number since. */
async function runsForUs(pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.includes(directory);
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const signal = AbortSignal.timeout(10_000);
  const name = `process ${pid} to end (simulated)`;
  await waitFor({ name, look: directory, timeoutMs: 8_000, signal }, async () => !(await runsForUs(pid)));
}
