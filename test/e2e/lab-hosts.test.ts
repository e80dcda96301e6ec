import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  clone,
  execOnHost,
  findHost,
  type Host,
  heal,
  installAgent,
  partition,
  publishAgentPackage,
  reboot,
  reimage,
  status,
  up,
  writeHostFile,
} from '@drover/lab';
import { execa } from 'execa';
import { createOwnLab } from './own-lab.ts';

const { lab, signal, progress, start, dispose } = createOwnLab('hostslab', '10.217.0');

before(start);
after(dispose);

test('hosts are up with systemd, and bare', async () => {
  const { hosts, mirrors } = await status(lab);
  assert.deepEqual(
    hosts.map(({ name, state, address }) => ({ name, state, address })),
    [
      { name: 'control-plane-1', state: 'running', address: '10.217.0.11' },
      { name: 'worker-1', state: 'running', address: '10.217.0.12' },
    ],
  );
  assert.ok(mirrors.isServing);
  const worker = await findHost(lab, 'worker-1');
  for (const program of ['docker', 'containerd', 'runc', 'kubelet', 'kubeadm', 'apt-get']) {
    const { exitCode } = await execOnHost(lab, worker, ['sh', '-c', `command -v ${program} | grep -v /usr/local/sbin`]);
    assert.notEqual(exitCode, 0, `${program} must not be there`);
  }
  assert.equal(await read(worker, '/etc/hostname'), 'worker-1\n');
  assert.match(await read(worker, '/etc/os-release'), /^ID_LIKE="rhel fedora"$/m);
});

test('up again adds the missing hosts and leaves the others running', async () => {
  const original = await status(lab);
  const { hosts } = await up(lab, { hosts: 3, controlPlanes: 1, progress, signal });
  assert.deepEqual(hosts.at(-1)?.name, 'worker-2');
  const now = await status(lab);
  assert.deepEqual(now.hosts.slice(0, 2), original.hosts);
});

test('a reboot is a new boot: its disk stays, its sysctls and its /run do not', async () => {
  const worker = await findHost(lab, 'worker-1');
  const original = await identity(worker);
  await writeHostFile(lab, worker, { path: '/etc/kept', content: 'kept', mode: 0o600 });
  await run(worker, ['touch', '/run/lost']);
  await run(worker, [
    'sysctl',
    '-w',
    'net.ipv4.ip_forward=1',
    'net.bridge.bridge-nf-call-iptables=1',
    'kernel.panic=7',
  ]);
  assert.equal(readFileSync('/proc/sys/kernel/panic', 'utf8').includes('7'), false, 'the machine keeps its own');
  for (const powerCut of [false, true]) {
    const { state } = await reboot(lab, worker, { powerCut, signal });
    assert.equal(state, 'running');
    const now = await identity(worker);
    assert.notEqual(now.bootId, original.bootId);
    assert.deepEqual({ ...now, bootId: '' }, { ...original, bootId: '' });
    assert.equal(await read(worker, '/etc/kept'), 'kept');
    assert.equal(await read(worker, '/proc/sys/net/ipv4/ip_forward'), '0\n');
    assert.equal(await read(worker, '/proc/sys/net/bridge/bridge-nf-call-iptables'), '0\n');
    assert.notEqual((await execOnHost(lab, worker, ['test', '-e', '/run/lost'])).exitCode, 0);
  }
});

test('a reimaged host is blank, with the same name, MAC address and SMBIOS identity', async () => {
  const worker = await findHost(lab, 'worker-1');
  const original = await identity(worker);
  await writeHostFile(lab, worker, { path: '/var/lib/drover/membership', content: 'member', mode: 0o600 });
  await reimage(lab, worker, { signal });
  const now = await identity(worker);
  assert.notEqual((await execOnHost(lab, worker, ['test', '-e', '/var/lib/drover'])).exitCode, 0);
  assert.notEqual(now.machineId, original.machineId);
  assert.notEqual(now.bootId, original.bootId);
  assert.deepEqual([now.hostname, now.mac, now.productUuid], [original.hostname, original.mac, original.productUuid]);
});

test('a clone has the same disk, machine id included, on another machine', async () => {
  const worker = await findHost(lab, 'worker-1');
  await writeHostFile(lab, worker, { path: '/var/lib/drover/key', content: 'secret', mode: 0o600 });
  const original = await identity(worker);
  const copy = await clone(lab, worker, { signal });
  const cloned = await identity(copy);
  assert.equal(await read(copy, '/var/lib/drover/key'), 'secret');
  assert.deepEqual([cloned.hostname, cloned.machineId], [original.hostname, original.machineId]);
  assert.notEqual(cloned.mac, original.mac);
  assert.notEqual(cloned.productUuid, original.productUuid);
  assert.notEqual(copy.address, worker.address);
  assert.deepEqual(await identity(worker), original, 'the original runs on');
});

test('a partition cuts off what it names, in silence, until it is healed', async () => {
  const worker = await findHost(lab, 'worker-1');
  const other = await findHost(lab, 'control-plane-1');
  const reaches = async (): Promise<readonly boolean[]> =>
    await Promise.all([other.address, '10.217.0.1'].map((address) => canReach(worker, address)));
  assert.deepEqual(await reaches(), [true, true]);
  await partition(lab, worker, other);
  assert.deepEqual(await reaches(), [false, true]);
  await heal(lab);
  await partition(lab, worker, 'coordinator');
  assert.deepEqual(await reaches(), [true, false]);
  await heal(lab);
  await partition(lab, worker, 'everything');
  assert.deepEqual(await reaches(), [false, false]);
  await heal(lab);
  assert.deepEqual(await reaches(), [true, true]);
});

test('the agent arrives as a package from the lab’s repository, and its unit runs', async (t) => {
  const worker = await findHost(lab, 'worker-2');
  const seed = { coordinators: [{ enrollment: '10.217.0.1:8445', session: '10.217.0.1:8444' }], token: 'one-use' };
  await assert.rejects(installAgent(lab, worker, seed), /drover-agent/);
  await publishAgentPackage(lab, await buildPackage(t), { signal });
  await installAgent(lab, worker, seed);
  assert.equal(await run(worker, ['systemctl', 'is-active', 'drover-agent']), 'active\n');
  assert.equal(await run(worker, ['systemctl', 'is-enabled', 'drover-agent']), 'enabled\n');
  assert.equal(await run(worker, ['stat', '--format=%a', '/etc/drover/enrollment-token']), '600\n');
  assert.deepEqual(JSON.parse(await read(worker, '/etc/drover/agent.yaml')), { coordinators: seed.coordinators });
});

async function run(host: Host, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await execOnHost(lab, host, argv);
  assert.equal(exitCode, 0, `${argv.join(' ')} on ${host.name}: ${stderr}`);
  return stdout;
}

const read = (host: Host, path: string): Promise<string> => run(host, ['cat', path]);

async function canReach(host: Host, address: string): Promise<boolean> {
  return (await execOnHost(lab, host, ['ping', '-c', '1', '-W', '1', address])).exitCode === 0;
}

async function identity(host: Host): Promise<Readonly<Record<string, string>>> {
  return {
    hostname: await run(host, ['hostname']),
    machineId: await read(host, '/etc/machine-id'),
    bootId: await read(host, '/proc/sys/kernel/random/boot_id'),
    productUuid: await read(host, '/run/drover-lab/product_uuid'),
    mac: await read(host, '/sys/class/net/eth0/address'),
  };
}

/** A package with a unit that does nothing, as small as one can be. */
async function buildPackage(t: { after(work: () => void): void }): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-package-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'drover-agent.spec'),
    `Name: drover-agent
Version: 0
Release: 1
Summary: Stands for the agent
License: Apache-2.0
BuildArch: noarch
Requires: /bin/sh
%description
Stands for the agent.
%install
mkdir -p %{buildroot}/usr/lib/systemd/system
printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' \\
  > %{buildroot}/usr/lib/systemd/system/drover-agent.service
%post
systemctl enable --now drover-agent
%files
/usr/lib/systemd/system/drover-agent.service
`,
  );
  const define = ['--define', `_topdir ${folder}`, '--define', `_rpmdir ${folder}`];
  await execa('rpmbuild', ['-bb', ...define, join(folder, 'drover-agent.spec')], { timeout: 60_000 });
  return join(folder, 'noarch/drover-agent-0-1.noarch.rpm');
}
