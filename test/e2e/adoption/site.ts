import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execOnHost, findHost, installAgent, machineAddress, publishAgentPackage, writeHostFile } from '@drover/lab';
import { until } from '../../integration/until.ts';
import { drover, droverJson, lab, npm, onHost, repositoryRoot, startCoordinator } from '../quick-start.ts';

/** Two bare hosts of the lab, a coordinator that knows nothing of them yet, and agents to be installed. */
export interface Site {
  /** For files of the test. */
  folder(): string;
  /** Brings the hosts up, after whatever an earlier run left is gone. */
  start(): Promise<void>;
  /** Starts a new coordinator and serves the agent's package. */
  startCoordinator(): Promise<void>;
  dispose(): Promise<void>;
}

const address = machineAddress(lab);
const coordinators = [{ enrollment: `${address}:8445`, session: `${address}:8444` }];

/** Nothing is made before `start`. */
export function createSite(): Site {
  let folder = '';
  return {
    folder: () => folder,
    start: async () => {
      folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
      await npm('run', 'lab', '--', 'down');
      await succeed(npm('run', 'lab', '--', 'up', '--hosts', '2'));
    },
    startCoordinator: async () => {
      const packaged = await succeed(npm('run', 'package', '--', '--rpm-only', 'drover-agent'));
      const [rpm = ''] = /dist\/drover-agent-\S+\.rpm/.exec(packaged) ?? [];
      await publishAgentPackage(lab, join(repositoryRoot, rpm), { signal: AbortSignal.timeout(60_000) });
      await configureCoordinator();
      await startCoordinator();
      await until(
        () => 'the coordinator to answer',
        async () => (await drover('get', 'nodes')).exitCode === 0,
        60_000,
      );
    },
    dispose: async () => {
      await npm('run', 'lab', '--', 'down');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function configureCoordinator(): Promise<void> {
  const dataDirectory = join(lab.directory, 'coordinator');
  const listen = { rest: `${address}:8443`, session: `${address}:8444`, enrollment: `${address}:8445` };
  const client = {
    server: `https://${listen.rest}`,
    tokenFile: join(dataDirectory, 'admin-token'),
    caFile: join(dataDirectory, 'ca.crt'),
  };
  await mkdir(lab.directory, { recursive: true });
  // JSON is YAML.
  const configuration = { dataDirectory, listen, advertisedNames: [address] };
  await writeFile(join(lab.directory, 'coordinator.yaml'), JSON.stringify(configuration));
  await writeFile(join(lab.directory, 'drover.yaml'), JSON.stringify(client));
}

/** As a person does, with a token in its file. */
export async function enrollByFile(name: string): Promise<void> {
  const token = await succeed(drover('token', 'create', name), 'stdout');
  await installAgent(lab, await findHost(lab, name), { coordinators, token: token.trim() });
}

/** As a person does whose systemd hands the token over: there is no file of it among the agent's own. */
export async function enrollByCredential(name: string): Promise<void> {
  const token = await succeed(drover('token', 'create', name), 'stdout');
  const host = await findHost(lab, name);
  const dropIn = '/etc/systemd/system/drover-agent.service.d/credential.conf';
  await writeHostFile(lab, host, { path: '/etc/credstore/drover.token', content: token, mode: 0o600 });
  await writeHostFile(lab, host, { path: dropIn, content: '[Service]\nLoadCredential=drover.token\n', mode: 0o644 });
  const configuration = JSON.stringify({ coordinators });
  await writeHostFile(lab, host, { path: '/etc/drover/agent.yaml', content: configuration, mode: 0o644 });
  const install = ['dnf', '--assumeyes', '--quiet', '--refresh', 'install', 'drover-agent'];
  const { exitCode, stderr } = await execOnHost(lab, host, install, { timeoutMs: 180_000 });
  assert.equal(exitCode, 0, stderr);
  assert.doesNotMatch(await onHost(name, 'ls', '/etc/drover'), /enrollment-token/);
}

/** Until the coordinator has the sessions of all of them. */
export async function untilConnected(names: readonly string[]): Promise<void> {
  await until(
    () => `${names.join(', ')} to be connected`,
    async () => {
      const nodes = await droverJson<readonly { name: string; connected: boolean }[]>('get', 'nodes');
      return names.every((name) => nodes.some((node) => node.name === name && node.connected));
    },
    60_000,
  );
}

/** What a command printed; it has to succeed. */
export async function succeed(
  command: PromiseLike<{ readonly exitCode?: number; readonly all: string; readonly stdout: string }>,
  stream: 'all' | 'stdout' = 'all',
): Promise<string> {
  const result = await command;
  assert.equal(result.exitCode, 0, result.all.slice(-4_000));
  return result[stream];
}
