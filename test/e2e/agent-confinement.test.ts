import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  execOnHost,
  findHost,
  installAgent,
  publishAgentPackage,
  renderNetworkManifest,
  writeHostFile,
} from '@drover/lab';
import { parse, stringify } from 'yaml';
import { until } from '../integration/until.ts';
import { createOwnLab } from './own-lab.ts';
import { npm, repositoryRoot } from './quick-start.ts';
import { traces } from './token-traces.ts';

// One host, with the packages of coordinator and agent on it.
const subnet = '10.219.0';
const address = `${subnet}.11`;
const { lab, signal, start, dispose } = createOwnLab('unitlab', subnet, { hosts: 1 });
let enrollmentToken = '';

before(async () => {
  await start();
  const packaged = await npm('run', 'package');
  assert.equal(packaged.exitCode, 0, packaged.all);
  for (const rpm of globSync(join(repositoryRoot, 'dist', '*.rpm'))) await publishAgentPackage(lab, rpm, { signal });
  await onHost('dnf', '--assumeyes', '--quiet', '--refresh', 'install', 'drover-coordinator');
  await writeFileOnHost('/etc/drover/coordinator.yaml', `advertisedNames: [${address}]\n`, 0o644);
  await onHost('systemctl', 'enable', '--now', 'drover-coordinator');
  await until(
    () => 'the coordinator to answer',
    async () => (await drover('get', 'nodes')).exitCode === 0,
    60_000,
  );
  enrollmentToken = (await drover('token', 'create', 'control-plane-1')).stdout.trim();
  const coordinators = [{ enrollment: `${address}:8445`, session: `${address}:8444` }];
  await installAgent(lab, await findHost(lab, 'control-plane-1'), { coordinators, token: enrollmentToken });
  await untilConnected();
});

after(dispose);

test('systemd-analyze rates the agent at 2.0 or better, which it does not for a service without confinement', async () => {
  const exposureAbove20 = (unit: string) => onHostWhatever('systemd-analyze', 'security', '--threshold=20', unit);
  const { exitCode, stdout } = await exposureAbove20('drover-agent.service');
  console.log(stdout.trim().split('\n').at(-1));
  assert.equal(exitCode, 0, stdout);
  await onHost('systemd-run', '--quiet', '--unit=unconfined', 'sleep', '600');
  assert.notEqual((await exposureAbove20('unconfined.service')).exitCode, 0);
  await onHost('systemctl', 'stop', 'unconfined');
});

test('the agent runs as uid 0 with no capability and can gain none', async () => {
  const status = await onHost('cat', `/proc/${await mainPid('drover-agent')}/status`);
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
    assert.match(status, new RegExp(`^${set}:\\t0{16}$`, 'm'));
  }
  assert.match(status, /^NoNewPrivs:\t1$/m);
  assert.match(status, /^Seccomp:\t2$/m);
});

/** What a program tries, and whether the agent may. Each succeeds on the same host outside of the agent's unit. */
const attempts: readonly (readonly [what: string, command: string, isAllowed: boolean])[] = [
  ['write its state', 'touch /var/lib/drover-agent/probe && rm /var/lib/drover-agent/probe', true],
  ['write beside its units', 'touch /run/drover-agent/probe && rm /run/drover-agent/probe', true],
  ['ask process 1 for a unit', 'systemd-run --quiet --unit=drover-op-probe true', true],
  ['write to /etc', 'touch /etc/probe && rm /etc/probe', false],
  ['write to /usr', 'touch /usr/probe && rm /usr/probe', false],
  ['write to another service’s state', 'touch /var/lib/probe && rm /var/lib/probe', false],
  ['write a unit file', 'mkdir -p /run/systemd/system && touch /run/systemd/system/probe', false],
  ['mount', 'mount -t tmpfs probe /mnt && umount /mnt', false],
  ['change a kernel setting', 'echo 1 >/proc/sys/net/ipv4/ip_forward', false],
  ['read another process’s memory map', 'cat /proc/1/maps', false],
  ['change an owner', 'touch /tmp/probe && chown 1 /tmp/probe', false],
];

for (const [what, command, isAllowed] of attempts) {
  test(`the agent’s unit ${isAllowed ? 'lets' : 'does not let'} its program ${what}`, async () => {
    assert.equal((await onHostWhatever('sh', '-c', command)).exitCode, 0, 'outside of the unit');
    const { exitCode, stdout } = await inTheAgentsPlace(command);
    assert.equal(exitCode === 0, isAllowed, stdout);
  });
}

test('the agent cannot load a kernel module', async () => {
  await onHost('dd', 'if=/dev/urandom', 'of=/usr/local/probe.ko', 'bs=4096', 'count=1', 'status=none');
  const load = 'LC_ALL=C insmod /usr/local/probe.ko';
  // Whoever may load modules is told that this is none, or that this kernel has none.
  assert.match((await onHostWhatever('sh', '-c', load)).stderr, /Invalid module format|Function not implemented/);
  assert.match((await inTheAgentsPlace(load)).stdout, /Operation not permitted/);
});

/** What ends the agent's process. */
const disturbances: readonly (readonly [string, ...string[]])[] = [
  ['systemctl', 'kill', '--signal=KILL', 'drover-agent'],
  ['systemctl', 'restart', 'drover-agent'],
  ['dnf', '--assumeyes', '--quiet', 'reinstall', 'drover-agent'],
];

test('an operation goes on, and is done once, while the agent is killed, restarted and upgraded', {
  timeout: 300_000,
}, async () => {
  await holdKubeadmInit();
  await writeFileOnHost('/root/cluster.yaml', await oneNodeCluster(), 0o600);
  const applied = drover('apply', '-f', '/root/cluster.yaml');
  await until(() => 'kubeadm init', initHasBegun, 180_000);

  const unit = await guardedUnit();
  const pid = await mainPid(unit);
  for (const disturb of disturbances) {
    const former = await mainPid('drover-agent');
    await onHost(...disturb);
    await until(
      () => `another process of the agent after ${disturb.join(' ')}`,
      async () => !['0', former].includes(await mainPid('drover-agent')),
      60_000,
    );
    await untilConnected();
    assert.equal(await mainPid(unit), pid, disturb.join(' '));
  }

  await nothingToReadIn(unit, pid);
  await onHost('touch', '/run/kubeadm-may-go-on');
  const { exitCode, stdout, stderr } = await applied;
  assert.equal(exitCode, 0, `${stdout}${stderr}`.slice(-4_000));
  assert.equal((await onHost('cat', '/var/log/kubeadm-init')).trim().split('\n').length, 1);
  await until(
    () => 'the unit to be gone',
    async () => (await onHost('systemctl', 'list-units', '--all', '--plain', '--no-legend', unit)) === '',
  );
});

test('an operation outlives the agent’s package', async () => {
  await onHost('rm', '/run/kubeadm-may-go-on');
  await onHost('systemd-run', '--quiet', '--remain-after-exit', '--unit=drover-op-left', 'sleep', '600');
  const pid = await mainPid('drover-op-left');
  await onHost('dnf', '--assumeyes', '--quiet', 'remove', 'drover-agent');
  assert.equal(await mainPid('drover-op-left'), pid);
  assert.match(await onHost('ls', '-ld', '/run/drover-agent'), /^drwx------/);
});

/** Runs a command in a copy of the agent's unit, with its output in the journal. */
async function inTheAgentsPlace(command: string): Promise<{ readonly exitCode: number; readonly stdout: string }> {
  const unit = (await onHost('cat', '/usr/lib/systemd/system/drover-agent.service'))
    .replace(/^ExecStart=.*/m, () => `ExecStart=/bin/sh -c "${command}"`)
    .replace(/^Type=.*/m, 'Type=oneshot')
    .replace(/^Restart=.*/m, 'Restart=no');
  await writeFileOnHost('/run/systemd/system/probe.service', unit, 0o644);
  await onHost('systemctl', 'daemon-reload');
  const since = `@${Math.floor(Date.now() / 1_000)}`;
  const { exitCode } = await onHostWhatever('systemctl', 'start', 'probe');
  await onHost('journalctl', '--sync');
  return { exitCode, stdout: await onHost('journalctl', '--output=cat', `--since=${since}`, '--unit=probe') };
}

/** Has `kubeadm init` leave a line in a log and wait for a file before it begins. */
async function holdKubeadmInit(): Promise<void> {
  const script = `#!/bin/sh
if [ "$1" = init ]; then
  echo "$$ $*" >>/var/log/kubeadm-init
  until [ -e /run/kubeadm-may-go-on ]; do sleep 0.1; done
fi
exec /usr/bin/kubeadm "$@"
`;
  await writeFileOnHost('/usr/local/sbin/kubeadm', script, 0o755);
}

async function initHasBegun(): Promise<boolean> {
  return (await onHostWhatever('test', '-s', '/var/log/kubeadm-init')).exitCode === 0;
}

/** The example for the lab, with one of its nodes, at this lab's addresses. */
async function oneNodeCluster(): Promise<string> {
  const example = await readFile(join(repositoryRoot, 'deploy', 'examples', 'lab.yaml'), 'utf8');
  await writeFileOnHost('/root/network.yaml', await renderNetworkManifest(`${subnet}.1:5000`), 0o644);
  const document = parse(example.replaceAll('10.213.0', subnet).replace('../lab/manifests/', '/root/')) as {
    spec: { nodes: unknown[] };
  };
  document.spec.nodes.splice(1);
  return stringify(document);
}

/** The unit that has kubeadm as its child. */
async function guardedUnit(): Promise<string> {
  const [pid = ''] = (await onHost('cat', '/var/log/kubeadm-init')).split(' ');
  const unit = /drover-op-[^/\s]+\.service/.exec(await onHost('cat', `/proc/${pid}/cgroup`))?.[0];
  assert.ok(unit !== undefined, 'kubeadm is in no unit of an operation');
  return unit;
}

/** A unit's file, its arguments and its environment can be read by people who may not have the secrets. */
async function nothingToReadIn(unit: string, pid: string): Promise<void> {
  const places = {
    'unit file': await onHost('systemctl', 'cat', unit),
    arguments: await onHost('cat', `/proc/${pid}/cmdline`),
    environment: await onHost('cat', `/proc/${pid}/environ`),
    'all arguments': await onHost('ps', '-ewwo', 'args'),
  };
  for (const [place, text] of Object.entries(places)) {
    assert.deepEqual(traces(place, text), []);
    assert.equal(text.includes(enrollmentToken) || text.includes('PRIVATE KEY'), false, place);
  }
}

async function untilConnected(): Promise<void> {
  await until(
    () => 'the agent to be connected',
    async () => {
      const { exitCode, stdout } = await drover('get', 'nodes', '-o', 'json');
      return exitCode === 0 && (JSON.parse(stdout) as readonly { connected: boolean }[]).some((node) => node.connected);
    },
    60_000,
  );
}

async function mainPid(unit: string): Promise<string> {
  return (await onHost('systemctl', 'show', '--property=MainPID', '--value', unit)).trim();
}

/** The client of the coordinator's package. */
function drover(...argumentList: readonly string[]) {
  const data = '/var/lib/drover-coordinator';
  const server = ['--server', `https://${address}:8443`];
  const trust = ['--token-file', `${data}/admin-token`, '--ca-file', `${data}/ca.crt`];
  return onHostWhatever('drover', ...argumentList, ...server, ...trust);
}

async function writeFileOnHost(path: string, content: string, mode: number): Promise<void> {
  await writeHostFile(lab, await findHost(lab, 'control-plane-1'), { path, content, mode });
}

async function onHostWhatever(...argv: readonly [string, ...string[]]) {
  return await execOnHost(lab, await findHost(lab, 'control-plane-1'), argv, { timeoutMs: 300_000 });
}

async function onHost(...argv: readonly [string, ...string[]]): Promise<string> {
  const { exitCode, stdout, stderr } = await onHostWhatever(...argv);
  assert.equal(exitCode, 0, `${argv.join(' ')}: ${stderr}`);
  return stdout;
}
