import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWorld } from '@drover/agent/testing';
import { parse, stringify } from 'yaml';
import { createDaemon, type Daemon } from './daemon.ts';
import type { DroverCommand, DroverResult } from './drover-client.ts';
import {
  type CoordinatorPorts,
  type LabCoordinator,
  labAddress,
  startLabCoordinator,
  writeJson,
} from './lab-coordinator.ts';
import { killLabProcesses } from './lab-processes.ts';
import { until } from './until.ts';

/** What a simulated machine is like. */
export interface MachineSettings {
  readonly name: string;
  /** IPv4, of its one interface. */
  readonly address: string;
  /** Factor on every duration. @default 0: nothing takes time */
  readonly pace?: number;
  /** The family of Linux that it is of. @default 'el' */
  readonly system?: 'el' | 'debian';
  /** The folder of the world it is in, relative to its own. @default '../world', which the lab's machines share */
  readonly world?: string;
  /** Its agent's state is on a file system of its own, of this size. @default it is not */
  readonly stateBytes?: number;
  /** By which tpm2-tools reach its TPM, a real one. @default it has none */
  readonly tcti?: string;
  /** Where its agent looks for the coordinator. @default where it is */
  readonly ports?: Pick<CoordinatorPorts, 'session' | 'enrollment'>;
}

/** A machine of the lab with its agent. */
export interface LabMachine {
  readonly name: string;
  /** The machine's folder: `root/` is its file system, `agent/` its agent's state. */
  readonly directory: string;
  readonly agent: Daemon;
  /** Puts a token where its agent looks for one. */
  giveToken(token: string): Promise<void>;
  /** Its next agent finds this TPM, or none. */
  nameTpm(tcti: string | undefined): Promise<void>;
}

/** A real coordinator and real agents in processes of their own, over simulated machines, and the real client. */
export interface SimulatedLab {
  readonly directory: string;
  /** What the machines share: the cluster, the mirrors. */
  readonly world: ReturnType<typeof openWorld>;
  readonly coordinator: Daemon;
  readonly ports: CoordinatorPorts;
  readonly machines: ReadonlyMap<string, LabMachine>;
  /** A machine whose agent runs, with the token given; without one it waits. */
  addMachine(settings: MachineSettings, token?: string): Promise<LabMachine>;
  /** A machine that the coordinator has a session with, and the token that let it in. */
  addNode(settings: MachineSettings): Promise<LabMachine & { readonly token: string }>;
  untilConnected(name: string): Promise<void>;
  /** Starts the machine's agent again, with other settings of the machine. */
  changeMachine(settings: Omit<MachineSettings, 'ports' | 'stateBytes' | 'tcti'>): Promise<void>;
  /** The client's configuration file. */
  readonly clientConfiguration: string;
  /** Runs a command of the client to its end. */
  drover(...argumentList: readonly string[]): Promise<DroverResult>;
  /** Begins a command of the client. */
  startDrover(...argumentList: readonly string[]): DroverCommand;
  /** A document that `drover … -o json` shows; the command must succeed. */
  json<Document>(...argumentList: readonly string[]): Promise<Document>;
  /** Writes a cluster file and returns its path. */
  clusterFile(text: string): Promise<string>;
  /** Starts another coordinator over the folder `<name>/` of the lab. */
  startCoordinator(name: string): Promise<LabCoordinator>;
  /** Ends everything that it started and removes its folder. */
  dispose(): Promise<void>;
}

/** The machines of deploy/examples/simulated.yaml. */
export const exampleMachines = [
  { name: 'control-plane-1', address: '10.213.0.11' },
  { name: 'worker-1', address: '10.213.0.12' },
  { name: 'worker-2', address: '10.213.0.13' },
] as const satisfies readonly MachineSettings[];

/** A lab whose coordinator is ready and whose machines are connected. */
export async function startSimulatedLab(
  machines: readonly MachineSettings[] = [],
  { dataBytes }: Pick<Parameters<typeof startLabCoordinator>[0], 'dataBytes'> = {},
): Promise<SimulatedLab> {
  const directory = await mkdtemp(join(tmpdir(), 'drover-integration-'));
  const started = new Map<string, LabMachine>();
  const coordinators: LabCoordinator[] = [];
  const disposal = new AbortController();
  const startCoordinator = async (name: string): Promise<LabCoordinator> => {
    const coordinator = await startLabCoordinator({ directory, name, dataBytes, disposed: disposal.signal });
    coordinators.push(coordinator);
    return coordinator;
  };
  const dispose = async (): Promise<void> => {
    disposal.abort(new Error('the lab is gone'));
    await Promise.all([...started.values()].map(({ agent }) => agent.stop('SIGKILL')));
    await Promise.all(coordinators.map(({ daemon }) => daemon.stop('SIGKILL')));
    // Units outlive their agents, and would write into what is removed.
    await killLabProcesses(directory);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const coordinator = await startCoordinator('coordinator');
    const lab = { ...createLab({ directory, coordinator, machines: started }), startCoordinator, dispose };
    await Promise.all(machines.map((settings) => lab.addNode(settings)));
    return lab;
  } catch (error) {
    await dispose();
    throw error;
  }
}

interface LabPlace {
  readonly directory: string;
  readonly coordinator: LabCoordinator;
  readonly machines: Map<string, LabMachine>;
}

type OpenedLab = Omit<SimulatedLab, 'startCoordinator' | 'dispose'>;

function createLab({ directory, coordinator, machines }: LabPlace): OpenedLab {
  const { ports, clientConfiguration } = coordinator;
  const clusterFiles = { count: 0 };
  const lab: OpenedLab = {
    ...{ directory, machines, ports, clientConfiguration, coordinator: coordinator.daemon },
    world: openWorld(join(directory, 'world')),
    addMachine: async (settings, token) => {
      const machine = await makeMachine(directory, { ports, ...settings });
      machines.set(settings.name, machine);
      if (token !== undefined) await machine.giveToken(token);
      machine.agent.start();
      return machine;
    },
    addNode: async (settings) => {
      const { exitCode, stdout, stderr } = await lab.drover('token', 'create', settings.name);
      assert.equal(exitCode, 0, stderr);
      const machine = await lab.addMachine(settings, stdout);
      await lab.untilConnected(settings.name);
      return { ...machine, token: stdout };
    },
    changeMachine: async ({ name, ...settings }) => {
      const machine = machines.get(name);
      assert.ok(machine, `the lab has a machine called ${name}`);
      await machine.agent.stop();
      await writeSettings(machine.directory, settings);
      machine.agent.start();
      await lab.untilConnected(name);
    },
    untilConnected: async (name) => {
      await machines.get(name)?.agent.untilLogged(/"msg":"connected"/);
      await until(
        () => `${name} to be connected`,
        async () => {
          const nodes = await lab.json<readonly { name: string; connected: boolean }[]>('get', 'nodes');
          return nodes.some((node) => node.name === name && node.connected);
        },
      );
    },
    drover: (...argumentList) => coordinator.startDrover(...argumentList).result,
    startDrover: coordinator.startDrover,
    json: async <Document>(...argumentList: readonly string[]) => {
      const { exitCode, stdout, stderr } = await lab.drover(...argumentList, '-o', 'json');
      assert.equal(exitCode, 0, stderr);
      return JSON.parse(stdout) as Document;
    },
    clusterFile: async (text) => {
      const path = join(directory, `cluster-${(clusterFiles.count += 1)}.yaml`);
      await writeFile(path, text);
      return path;
    },
  };
  return lab;
}

async function makeMachine(
  labDirectory: string,
  { name, ports, stateBytes, tcti: firstTcti, ...settings }: MachineSettings & Required<Pick<MachineSettings, 'ports'>>,
): Promise<LabMachine> {
  const directory = join(labDirectory, name);
  await mkdir(directory);
  await writeSettings(directory, settings);
  const configuration = join(directory, 'agent.yaml');
  const enrollmentTokenFile = join(directory, 'enrollment-token');
  const stateDirectory = join(directory, 'agent');
  await mkdir(stateDirectory, { mode: 0o700 });
  const nameTpm = async (tcti: string | undefined): Promise<void> =>
    await writeJson(configuration, {
      coordinators: [{ enrollment: `${labAddress}:${ports.enrollment}`, session: `${labAddress}:${ports.session}` }],
      stateDirectory,
      runtimeDirectory: join(directory, 'run'),
      enrollmentTokenFile,
      logLevel: 'debug',
      host: { kind: 'simulated', directory },
      ...(tcti === undefined ? {} : { tpm: { tcti } }),
    });
  await nameTpm(firstTcti);
  const disk = stateBytes === undefined ? undefined : { directory: stateDirectory, sizeBytes: stateBytes };
  const agent = createDaemon({ package: 'agent', configuration, log: join(directory, 'agent.log'), disk });
  const giveToken = (token: string) => writeFile(enrollmentTokenFile, token, { mode: 0o600 });
  return { name, directory, agent, giveToken, nameTpm };
}

async function writeSettings(
  directory: string,
  settings: Omit<MachineSettings, 'name' | 'ports' | 'stateBytes' | 'tcti'>,
): Promise<void> {
  await writeJson(join(directory, 'simulation.json'), { pace: 0, world: '../world', ...settings });
}

/** A cluster file of deploy/examples, changed; its manifest is found from anywhere. */
export async function exampleCluster(
  name: 'simulated' | 'three-vms',
  change: (spec: ExampleSpec) => void = () => undefined,
): Promise<string> {
  const examples = join(import.meta.dirname, '..', '..', 'deploy', 'examples');
  const document = parse(await readFile(join(examples, `${name}.yaml`), 'utf8')) as { readonly spec: ExampleSpec };
  // Also where the example names an address: a test does not leave the machine.
  document.spec.networking.manifestFile = join(examples, '..', 'lab', 'manifests', 'network.yaml');
  change(document.spec);
  return stringify(document);
}

/** What tests change of an example. */
export interface ExampleSpec {
  kubernetes: { version: string };
  controlPlaneEndpoint: { address: string; advertiseAddress?: string };
  networking: { manifestFile: string };
  nodes: { name: string; role: string; address?: string; rejoin?: string; labels?: Readonly<Record<string, string>> }[];
}
