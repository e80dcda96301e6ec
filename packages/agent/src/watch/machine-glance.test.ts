import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createMachineGlance } from './machine-glance.ts';
import { findServiceGroups } from './service-groups.ts';
import { watchedServices } from './watched-paths.ts';

async function makeMachine(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'drover-glance-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  };
  const glance = createMachineGlance({ root });
  /** Whether a glance shows what was done. */
  const shows = async (what: () => Promise<unknown>): Promise<boolean> => {
    const before = await glance.take();
    await what();
    return (await glance.take()) !== before;
  };
  return { root, write, glance, shows };
}

test('a file that is made, written, or removed is noticed, also in a directory that is watched', async (t) => {
  const { root, write, shows } = await makeMachine(t);
  assert.ok(await shows(() => write('/etc/fstab', 'LABEL=/ / ext4\n')));
  assert.ok(await shows(() => write('/etc/fstab', 'LABEL=/ / xfs\n')));
  assert.ok(await shows(() => write('/etc/sysctl.d/zz-late.conf', 'net.ipv4.ip_forward = 0\n')));
  assert.ok(await shows(() => write('/etc/sysctl.d/zz-late.conf', 'net.ipv4.ip_forward = 1\n')));
  assert.ok(await shows(() => rm(join(root, '/etc/sysctl.d/zz-late.conf'))));
  assert.ok(await shows(() => write('/etc/docker/daemon.json', '{}')));
});

test('containerd’s configuration is noticed: the file, those it imports, and those about registries', async (t) => {
  const { root, write, shows } = await makeMachine(t);
  const paths = ['config.toml', 'conf.d/10-site.toml', 'certs.d/docker.io/hosts.toml'].map(
    (name) => `/etc/containerd/${name}`,
  );
  for (const path of paths) {
    assert.ok(await shows(() => write(path, 'version = 2\n')), path);
    assert.ok(await shows(() => write(path, 'version = 3\n')), path);
  }
  assert.ok(await shows(() => rm(join(root, '/etc/containerd/certs.d/docker.io'), { recursive: true })));
});

test('what a unit is started with is noticed, and the rules of a firewall', async (t) => {
  const { write, shows } = await makeMachine(t);
  for (const unit of ['docker', 'containerd', 'cri-docker', 'kubelet'])
    assert.ok(await shows(() => write(`/etc/systemd/system/${unit}.service.d/http-proxy.conf`, '[Service]\n')), unit);
  assert.ok(await shows(() => write('/etc/firewalld/zones/public.xml', '<zone/>\n')));
  assert.ok(await shows(() => write('/etc/ufw/user.rules', '*filter\n')));
});

test('a runtime or a firewall that stops is noticed by its control group', async (t) => {
  const { root } = await makeMachine(t);
  for (const unit of ['containerd', 'docker', 'cri-docker', 'firewalld'])
    assert.ok(watchedServices.includes(`${unit}.service`), unit);
  const groups = join(root, 'groups');
  await writeFile(groups, '0::/system.slice/drover-agent.service\n');
  const mount = join(root, 'cgroup');
  const group = join(mount, 'system.slice/containerd.service');
  await mkdir(group, { recursive: true });
  const glance = createMachineGlance({ root, groups, mount });
  const before = await glance.take();
  await rm(group, { recursive: true });
  assert.notEqual(await glance.take(), before);
});

test('what nobody reads facts from is not noticed', async (t) => {
  const { write, shows } = await makeMachine(t);
  assert.ok(!(await shows(() => write('/var/log/messages', 'a line\n'))));
});

test('swap that is switched on is noticed, and how much of it is used is not', async (t) => {
  const { write, shows } = await makeMachine(t);
  const table = (rows: string): string => `Filename Type Size Used Priority\n${rows}`;
  await write('/proc/swaps', table(''));
  assert.ok(await shows(() => write('/proc/swaps', table('/swap\tfile\t1048572\t0\t-2\n'))));
  assert.ok(!(await shows(() => write('/proc/swaps', table('/swap\tfile\t1048572\t4096\t-2\n')))));
});

test('a parameter of the kernel is noticed by its value', async (t) => {
  const { write, shows } = await makeMachine(t);
  const path = '/proc/sys/net/ipv4/ip_forward';
  await write(path, '1\n');
  assert.ok(!(await shows(() => write(path, '1\n'))));
  assert.ok(await shows(() => write(path, '0\n')));
});

test('the system says by itself that a file was written', async (t) => {
  const { write, glance } = await makeMachine(t);
  await write('/etc/fstab', 'LABEL=/ / ext4\n');
  const stopping = new AbortController();
  t.after(() => stopping.abort());
  const rung = Promise.withResolvers<void>();
  glance.onEvent(rung.resolve, stopping.signal);
  await write('/etc/fstab', '/swap none swap\n');
  await rung.promise;
});

test('services are where this one is, in both versions of control groups', async (t) => {
  const { root, write } = await makeMachine(t);
  const find = async (text: string) => {
    await write('/cgroup', text);
    return await findServiceGroups(join(root, '/cgroup'));
  };
  assert.equal(await find('0::/system.slice/drover-agent.service\n'), '/sys/fs/cgroup/system.slice');
  const first = '12:pids:/system.slice/x\n1:name=systemd:/host.slice/system.slice/drover-agent.service\n0::/\n';
  assert.equal(await find(first), '/sys/fs/cgroup/systemd/host.slice/system.slice');
  assert.equal(await find(''), undefined);
});
