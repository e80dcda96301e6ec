import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDaemon, type Daemon, seenBy } from './daemon.ts';
import { type DroverCommand, startDrover } from './drover-client.ts';

/** Where a coordinator listens on loopback. */
export interface CoordinatorPorts {
  readonly rest: number;
  readonly session: number;
  readonly enrollment: number;
}

/** A real coordinator in a process of its own, and the client that talks to it. */
export interface LabCoordinator {
  readonly daemon: Daemon;
  readonly dataDirectory: string;
  readonly ports: CoordinatorPorts;
  /** The client's configuration file. */
  readonly clientConfiguration: string;
  /** Begins a command of the client. */
  startDrover(...argumentList: readonly string[]): DroverCommand;
}

/** The only address that a lab's coordinators listen on. */
export const labAddress = '127.0.0.1';

/**
 * Starts a coordinator over `<name>/` in the lab's folder, which may be there already. The system chooses its ports; they
 * stay for later starts.
 */
export async function startLabCoordinator(lab: {
  readonly directory: string;
  readonly name: string;
  /** Its data is on a file system of its own, of this size. @default it is not */
  readonly dataBytes?: number | undefined;
  /** Ends the commands of its client: one that still watches something would never end by itself. */
  readonly disposed: AbortSignal;
}): Promise<LabCoordinator> {
  const inLab = (suffix: string): string => join(lab.directory, `${lab.name}${suffix}`);
  const dataDirectory = inLab('');
  const configuration = inLab('.yaml');
  const disk = lab.dataBytes === undefined ? undefined : { directory: dataDirectory, sizeBytes: lab.dataBytes };
  const daemon = createDaemon({ package: 'coordinator', configuration, log: inLab('.log'), disk });
  const configure = (ports: CoordinatorPorts) =>
    writeJson(configuration, {
      dataDirectory,
      listen: Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, `${labAddress}:${port}`])),
      advertisedNames: [labAddress],
    });
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  await configure({ rest: 0, session: 0, enrollment: 0 });
  daemon.start();
  try {
    await daemon.untilLogged(/coordinator is ready/);
  } catch (error) {
    await daemon.stop('SIGKILL');
    throw error;
  }
  const ports = boundPorts(daemon.log());
  await configure(ports);
  const clientConfiguration = inLab('-client.yaml');
  const data = disk === undefined ? dataDirectory : seenBy(daemon.pid, dataDirectory);
  const [tokenFile, caFile] = [join(data, 'admin-token'), join(data, 'ca.crt')];
  await writeJson(clientConfiguration, { server: `https://${labAddress}:${ports.rest}`, tokenFile, caFile });
  return {
    ...{ daemon, dataDirectory, ports, clientConfiguration },
    startDrover: (...argumentList) => startDrover(clientConfiguration, argumentList, lab.disposed),
  };
}

function boundPorts(log: string): CoordinatorPorts {
  const line = log.split('\n').find((each) => each.includes('coordinator is ready')) ?? '{}';
  const { rest, session, enrollment } = JSON.parse(line) as Record<keyof CoordinatorPorts, string>;
  const port = (endpoint: string) => Number(endpoint.slice(labAddress.length + 1));
  return { rest: port(rest), session: port(session), enrollment: port(enrollment) };
}

/** JSON is YAML. */
export async function writeJson(path: string, document: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(document, null, 2)}\n`);
}
