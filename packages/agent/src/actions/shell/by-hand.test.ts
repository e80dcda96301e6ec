import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import type { ActionParams } from '@drover/proto';
import type { EnsureName } from '../../testing/action-conformance.ts';
import { createActionContext } from '../../testing/action-context.ts';
import { createFakeHost } from '../../testing/fake-host.ts';
import type { EnsureAction } from '../action.ts';
import { actionRegistry } from '../registry.ts';

/** The machine before: with what a careless `sed` would spoil, and what others keep. */
const files = {
  '/etc/hostname': 'localhost.localdomain\n',
  '/etc/hosts': '127.0.0.1\tlocalhost  # by hand\n# BEGIN drover\n10.0.0.9 gone\n# END drover\n::1 localhost',
  '/etc/fstab': [
    '# swap is below; /srv/swap-shop is a mount',
    'UUID=1 / xfs defaults 0 0',
    '\t/dev/mapper/vg-swap\tnone  swap\tdefaults 0 0',
    '#/dev/sdb1 none swap sw 0 0',
    '//nas/swap /srv/swap-shop cifs username=u,password=canary 0 0',
    'LABEL=s none swap',
  ].join('\n'),
  '/etc/selinux/config': '# SELINUX= can be one of\nSELINUX=enforcing\nSELINUXTYPE=targeted\n',
  '/etc/dnf/dnf.conf': '[main]\ngpgcheck=1\nproxy_password=canary\n',
  '/usr/bin/dnf': '',
  '/etc/docker/daemon.json':
    '{\n  "registry-mirrors": [\n    "https://other.example"\n  ],\n  "log-opts": {\n    "splunk-token": "canary"\n  }\n}\n',
  '/proc/swaps': 'Filename\tType\tSize\tUsed\tPriority\n',
  '/proc/filesystems': 'nodev\toverlay\n',
  '/proc/sys/net/ipv4/ip_forward': '0\n',
  '/proc/sys/kernel/hostname': 'localhost\n',
  '/sys/fs/selinux/enforce': '1',
} as const;

/** What prepares a host, as a plan has it: with a second edit of the same files. */
const calls: readonly {
  [Name in EnsureName]: { readonly name: Name; readonly params: ActionParams<Name> };
}[EnsureName][] = [
  {
    name: 'configure-hosts',
    params: { entries: [{ address: '10.0.12.2', names: ['cluster-endpoint', 'k8s-master'] }] },
  },
  { name: 'configure-selinux', params: { mode: 'PERMISSIVE' } },
  { name: 'disable-swap', params: {} },
  { name: 'load-kernel-modules', params: { modules: ['overlay', 'br_netfilter'] } },
  { name: 'configure-sysctl', params: { values: { 'net.ipv4.ip_forward': '1', 'net.ipv4.tcp_rmem': '4096 1 2' } } },
  {
    name: 'configure-repository',
    params: {
      id: 'kubernetes',
      name: `It's "$HOME" \`id\``,
      baseUrl: 'https://packages.example/$basearch',
      gpgCheck: true,
      gpgKeys: ['https://packages.example/key'],
      exclude: ['kubelet', 'kube*'],
      apt: null,
    },
  },
  { name: 'install-packages', params: packages('docker-ce', { 'docker-ce': '20.10.7', 'containerd.io': '1.4.6' }) },
  {
    name: 'configure-docker',
    params: {
      registryMirrors: ['https://mirror.example'],
      insecureRegistries: [],
      cgroupDriver: 'systemd',
      logDriver: 'json-file',
      logOptions: { 'max-size': '100m' },
      storageDriver: 'overlay2',
      storageOptions: [],
    },
  },
  { name: 'install-packages', params: packages('kubernetes', { kubelet: '1.20.9', kubectl: '1.20.9' }) },
  { name: 'configure-hosts', params: { entries: [{ address: '10.0.12.9', names: ['cluster-endpoint'] }] } },
];

function packages(repository: string, versions: Readonly<Record<string, string>>) {
  return { repository, packages: Object.entries(versions).map(([name, version]) => ({ name, version })) };
}

/** A machine in memory; its programs do what changes no file. */
function createMachine() {
  const installed = new Map<string, string>();
  return createFakeHost({
    files,
    programs: {
      rpm: ({ args }) => {
        const found = [...installed].filter(([name]) => args.includes(name));
        return { status: found.length === args.length ? 0 : 1, stdout: found.map(([n, v]) => `${n} ${v}\n`).join('') };
      },
      dnf: ({ args, change }) => {
        change();
        for (const spec of args) {
          const [, name, version] = /^([a-z].*)-(\d[\w.]*)$/.exec(spec) ?? [];
          if (name !== undefined && version !== undefined) installed.set(name, version);
        }
        return '';
      },
      systemctl: ({ args, change }) => {
        if (args[0] === 'show' || args[0] === 'is-active') return 'ActiveState=inactive\nUnitFileState=enabled\n';
        change();
        return '';
      },
      ...Object.fromEntries(['modprobe', 'sysctl', 'setenforce'].map((name) => [name, () => ''])),
    },
  });
}

const folder = await mkdtemp(join(tmpdir(), 'drover-by-hand-'));
after(() => rm(folder, { recursive: true, force: true }));

/** A root of the machine's files, with this machine's own programs and stand-ins for those that would change it. */
async function createRoot(): Promise<string> {
  const root = await mkdtemp(join(folder, 'root-'));
  for (const path of ['usr', 'dev', 'proc', 'tmp', 'stand-ins']) await mkdir(join(root, path));
  for (const path of ['bin', 'lib', 'lib64', 'sbin']) await symlink(`usr/${path}`, join(root, path));
  for (const [path, content] of Object.entries(files)) {
    if (!path.startsWith('/etc/')) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content, { mode: 0o644 });
  }
  const standIn = '#!/bin/bash\ncase "$*" in "is-active --quiet"*) exit 3;; esac\necho "${0##*/} $*" >> /calls\n';
  for (const name of ['dnf', 'systemctl', 'modprobe', 'sysctl', 'setenforce', 'swapoff'])
    await writeFile(join(root, 'stand-ins', name), standIn, { mode: 0o755 });
  return root;
}

const enter =
  'mount --rbind /usr "$1/usr" && mount --rbind /dev "$1/dev" && exec chroot "$1" /usr/bin/env -i PATH=/stand-ins:/usr/bin:/usr/sbin bash -euo pipefail';

function runInRoot(root: string, script: string) {
  const identity = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const argv = [...identity, '--mount', '--propagation=private', 'sh', '-c', enter, 'sh', root];
  return spawnSync('unshare', argv, { input: script, encoding: 'utf8', timeout: 20_000 });
}

const isPossible = runInRoot(await createRoot(), 'true').status === 0;

suite('preparing a host by hand', {
  skip: isPossible ? false : 'this machine lets nobody make a root of his own',
}, () => {
  test('leaves the very files that the actions leave, and done again changes none; no secret of others is told', async () => {
    const machine = createMachine();
    const context = createActionContext(machine);
    const scripts: string[] = [];
    // As the plan is: all of it is asked for before any of it is done.
    for (const { name, params } of calls) {
      const action = actionRegistry[name] as unknown as EnsureAction<EnsureName>;
      scripts.push(...(await action.byHand(context, params)));
    }
    for (const { name, params } of calls) {
      const action = actionRegistry[name] as unknown as EnsureAction<EnsureName>;
      const found = await action.inspect(context, params);
      if (!found.satisfied) await action.apply(context, params, found);
    }
    const script = scripts.join('\n');
    assert.doesNotMatch(script, /canary/);

    const root = await createRoot();
    for (const time of ['once', 'twice']) {
      const { status, stderr } = runInRoot(root, script);
      assert.equal(status, 0, stderr);
      for (const [path, { content, mode }] of machine.files) {
        if (!path.startsWith('/etc/') || path === '/etc/hostname') continue;
        assert.equal(await readFile(join(root, path), 'utf8'), content, `${path} ${time}`);
        assert.equal((await stat(join(root, path))).mode & 0o777, mode, path);
      }
    }
    const called = await readFile(join(root, 'calls'), 'utf8');
    assert.match(called, /^dnf -y install --disableexcludes=main --disableexcludes=docker-ce docker-ce-20\.10\.7 /m);
    assert.match(called, /^sysctl -w net\.ipv4\.ip_forward=1 net\.ipv4\.tcp_rmem=4096 1 2$/m);
  });

  test('ends where a file has changed since the plan was made, and leaves it alone', async () => {
    const call = calls.find(({ name }) => name === 'configure-docker');
    const script = await actionRegistry['configure-docker'].byHand(
      createActionContext(createMachine()),
      call?.params as never,
    );
    const root = await createRoot();
    await writeFile(join(root, 'etc/docker/daemon.json'), '{"bip": "10.9.0.1/16"}\n');
    const { status, stderr } = runInRoot(root, script.join('\n'));
    assert.equal(status, 1);
    assert.match(stderr, /daemon\.json has changed since the plan was made/);
    assert.equal(await readFile(join(root, 'etc/docker/daemon.json'), 'utf8'), '{"bip": "10.9.0.1/16"}\n');
  });

  test('asks a person for a change that cannot be told without what others keep secret', async () => {
    const host = createFakeHost({
      files: { '/etc/docker/daemon.json': '{"log-opts":{"splunk-token":"canary"}}' },
      programs: { systemctl: () => '' },
    });
    const call = calls.find(({ name }) => name === 'configure-docker');
    const script = (
      await actionRegistry['configure-docker'].byHand(createActionContext(host), call?.params as never)
    ).join('\n');
    assert.doesNotMatch(script, /canary/);
    const { status, stderr } = runInRoot(await createRoot(), script);
    assert.equal(status, 1);
    assert.match(stderr, /EDITED_BY_HAND: make the change of /);
  });
});
