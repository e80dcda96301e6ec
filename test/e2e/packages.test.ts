import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execOnHost, findHost, installAgent, publishAgentPackage, writeHostFile } from '@drover/lab';
import { until } from '../integration/until.ts';
import { createOwnLab } from './own-lab.ts';
import { npm, repositoryRoot } from './quick-start.ts';

// The guide for one's own machines: the coordinator is a package too, and runs on one of them.
const { lab, signal, start, dispose } = createOwnLab('rpmlab', '10.218.0');

before(async () => {
  await start();
  const packaged = await npm('run', 'package');
  assert.equal(packaged.exitCode, 0, packaged.all);
  for (const rpm of globSync(join(repositoryRoot, 'dist', '*.rpm'))) await publishAgentPackage(lab, rpm, { signal });
});

after(dispose);

test('a coordinator installed from its package serves, confined by systemd', async () => {
  await onHost('control-plane-1', 'dnf', '--assumeyes', '--quiet', '--refresh', 'install', 'drover-coordinator');
  const configuration = 'advertisedNames: [10.218.0.11]\n';
  const path = '/etc/drover/coordinator.yaml';
  await writeHostFile(lab, await findHost(lab, 'control-plane-1'), { path, content: configuration, mode: 0o644 });
  await onHost('control-plane-1', 'systemctl', 'enable', '--now', 'drover-coordinator');
  await until(
    () => 'the coordinator to answer',
    async () => (await drover('get', 'nodes')).exitCode === 0,
    60_000,
  );
  const user = await onHost(
    'control-plane-1',
    'systemctl',
    'show',
    '--property=User,NoNewPrivileges',
    'drover-coordinator',
  );
  assert.match(user, /NoNewPrivileges=yes/);
  assert.doesNotMatch(user, /^User=(root)?$/m);
});

test('agents installed from their package enrol with it, one of them on the coordinator’s own machine', async () => {
  const coordinators = [{ enrollment: '10.218.0.11:8445', session: '10.218.0.11:8444' }];
  for (const name of ['control-plane-1', 'worker-1']) {
    const { stdout } = await drover('token', 'create', name);
    await installAgent(lab, await findHost(lab, name), { coordinators, token: stdout.trim() });
  }
  await until(
    () => 'both to be connected',
    async () => {
      const nodes = JSON.parse((await drover('get', 'nodes', '-o', 'json')).stdout) as readonly {
        connected: boolean;
      }[];
      return nodes.filter(({ connected }) => connected).length === 2;
    },
    60_000,
  );
  const facts = await drover('facts', 'worker-1', '-o', 'json');
  assert.match(facts.stdout, /"prettyName": "Drover Lab host"/);
});

test('an upgrade restarts the agent, and a removal takes it away with its unit', async () => {
  const pid = () => onHost('worker-1', 'systemctl', 'show', '--property=MainPID', '--value', 'drover-agent');
  const first = await pid();
  await onHost('worker-1', 'dnf', '--assumeyes', '--quiet', 'reinstall', 'drover-agent');
  // The package asks systemd to restart it and does not wait.
  await until(
    () => 'another process of the agent',
    async () => (await pid()) !== first,
    60_000,
  );
  await onHost('worker-1', 'dnf', '--assumeyes', '--quiet', 'remove', 'drover-agent');
  const { exitCode } = await onHostWhatever('worker-1', 'systemctl', 'cat', 'drover-agent');
  assert.notEqual(exitCode, 0);
});

/** The client of the coordinator's package, where the coordinator is. */
function drover(...argumentList: readonly string[]) {
  const data = '/var/lib/drover-coordinator';
  const connection = [
    '--server',
    'https://10.218.0.11:8443',
    '--token-file',
    `${data}/admin-token`,
    '--ca-file',
    `${data}/ca.crt`,
  ];
  return onHostWhatever('control-plane-1', 'drover', ...argumentList, ...connection);
}

async function onHostWhatever(name: string, ...argv: readonly [string, ...string[]]) {
  return await execOnHost(lab, await findHost(lab, name), argv, { timeoutMs: 120_000 });
}

async function onHost(name: string, ...argv: readonly [string, ...string[]]): Promise<string> {
  const { exitCode, stdout, stderr } = await onHostWhatever(name, ...argv);
  assert.equal(exitCode, 0, `${argv.join(' ')} on ${name}: ${stderr}`);
  return stdout;
}
