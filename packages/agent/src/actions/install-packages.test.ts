import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActionContext, createInstantClock } from '../testing/action-context.ts';
import { createFakeHost, type FakeProgram, type FakeReply } from '../testing/fake-host.ts';
import { installPackages } from './install-packages.ts';

const params = {
  packages: [
    { name: 'kubelet', version: '1.20.9' },
    { name: 'kubeadm', version: '1.20.9' },
  ],
  repository: 'kubernetes',
};

interface MachineOptions {
  readonly installed?: Readonly<Record<string, string>>;
  readonly available?: readonly string[];
  readonly isReachable?: boolean;
  /** How many calls find the lock held. */
  readonly lockedCalls?: number;
  readonly program?: 'dnf' | 'yum';
}

/** A machine with rpm and a package manager that knows one repository with kubelet and kubeadm. */
function machine(options: MachineOptions = {}) {
  const { available = ['1.20.2', '1.20.9'], isReachable = true, program = 'dnf' } = options;
  const installed = new Map(Object.entries(options.installed ?? {}));
  let lockedCalls = options.lockedCalls ?? 0;

  const rpm: FakeProgram = ({ args }) => {
    const names = args.slice(3);
    const lines = names.map((name) =>
      installed.has(name) ? `${name} ${installed.get(name)}` : `package ${name} is not installed`,
    );
    return { status: names.filter((name) => !installed.has(name)).length, stdout: `${lines.join('\n')}\n` };
  };
  const transact = (verb: string, specs: readonly string[]): FakeReply => {
    for (const spec of specs) {
      const [, name = '', version = ''] = /^([a-z]+)-(.*)$/.exec(spec) ?? [];
      if (!available.includes(version)) return { status: 1, stderr: `No match for argument: ${spec}\n` };
      const isOlder = installed.has(name) && (installed.get(name) ?? '') > version;
      if (isOlder !== (verb === 'downgrade')) return { status: 1, stderr: `cannot ${verb} ${spec}\n` };
      installed.set(name, version);
    }
    return 'Complete!\n';
  };
  const manager: FakeProgram = ({ args, change }) => {
    const [verb = '', ...specs] = args.filter((arg) => !arg.startsWith('-'));
    if (verb === 'list') {
      const rows = available.map((version) => `${specs[0]}.x86_64\n   0:${version}-0\n   kubernetes`);
      return { status: rows.length === 0 ? 1 : 0, stdout: ['Available Packages', ...rows, ''].join('\n') };
    }
    change();
    if (lockedCalls > 0) {
      lockedCalls -= 1;
      return { status: 200, stderr: 'Waiting for process with pid 4711 to finish.\n' };
    }
    if (verb === 'clean') return '';
    if (!isReachable) return { status: 1, stderr: "Error: Failed to download metadata for repo 'kubernetes'\n" };
    if (verb === 'makecache') return 'Metadata cache created.\n';
    return transact(verb, specs);
  };

  const clock = createInstantClock();
  const waits: (string | undefined)[] = [];
  const host = createFakeHost({
    files: { [`/usr/bin/${program}`]: '', '/etc/dnf/dnf.conf': '[main]\nexclude=kernel*\n' },
    programs: { rpm, [program]: manager },
  });
  const context = createActionContext(host, { clock, reportWaiting: (waiting) => waits.push(waiting?.on) });
  const ensure = async () => {
    const found = await installPackages.inspect(context, params);
    if (!found.satisfied) await installPackages.apply(context, params, found);
    return found;
  };
  const transactions = () =>
    host.commands
      .filter(([, , , verb]) => verb === 'install' || verb === 'downgrade')
      .map((argv) => argv.slice(3).join(' '));
  return { host, installed, ensure, transactions, waits, context };
}

test('packages are installed at exact versions in one transaction, with excludes lifted for it', async () => {
  const { ensure, transactions } = machine();
  const { changes } = await ensure();
  const named = changes.map(({ subject, before, after }) => ({ subject, before, after }));
  assert.deepEqual(named, [
    { subject: 'package kubelet', before: 'not installed', after: '1.20.9' },
    { subject: 'package kubeadm', before: 'not installed', after: '1.20.9' },
    { subject: 'packages held in /etc/dnf/dnf.conf', before: 'kernel*', after: 'kernel* kubelet kubeadm' },
  ]);
  const options = '--disableexcludes=main --disableexcludes=kubernetes';
  assert.deepEqual(transactions(), [`install ${options} kubelet-1.20.9 kubeadm-1.20.9`]);
});

test('they are held against upgrades, beside what others hold', async () => {
  const { host, ensure } = machine();
  await ensure();
  assert.equal(host.files.get('/etc/dnf/dnf.conf')?.content, '[main]\nexclude=kernel* kubelet kubeadm\n');
});

test('packages that are right and not held are only held', async () => {
  const { ensure, transactions } = machine({ installed: { kubelet: '1.20.9', kubeadm: '1.20.9' } });
  const { changes } = await ensure();
  assert.deepEqual(
    changes.map(({ subject }) => subject),
    ['packages held in /etc/dnf/dnf.conf'],
  );
  assert.deepEqual(transactions(), []);
});

test('an older version goes up and a newer one down, each by its own verb', async () => {
  const { installed, ensure, transactions } = machine({ installed: { kubelet: '1.21.0', kubeadm: '1.20.2' } });
  await ensure();
  assert.deepEqual(
    [...installed],
    [
      ['kubelet', '1.20.9'],
      ['kubeadm', '1.20.9'],
    ],
  );
  assert.deepEqual(
    transactions().map((line) => line.split(' ')[0]),
    ['downgrade', 'install'],
  );
});

test('a machine with yum alone is served by yum, and holds in its own file', async () => {
  const { host, ensure } = machine({ program: 'yum' });
  await ensure();
  assert.equal(host.files.get('/etc/yum.conf')?.content, '[main]\nexclude=kubelet kubeadm\n');
});

test('a version that no repository has is named, with those that are there', async () => {
  const { ensure } = machine({ available: ['1.20.2', '1.21.0'] });
  await assert.rejects(ensure(), /package-version-unavailable.*kubelet is there as 1\.20\.2, 1\.21\.0/);
});

test('a repository that does not answer is named', async () => {
  const { ensure } = machine({ isReachable: false });
  await assert.rejects(ensure(), /repository-unreachable.*the repository kubernetes/);
});

test('another transaction is waited for, and said to be', async () => {
  const { ensure, waits, installed } = machine({ lockedCalls: 3 });
  await ensure();
  assert.equal(installed.get('kubelet'), '1.20.9');
  const waiting = 'another package transaction on the node';
  assert.deepEqual(waits, [waiting, waiting, waiting, undefined]);
});

test('a lock that is not given back in time is package-manager-busy, with who holds it', async () => {
  const { ensure } = machine({ lockedCalls: Number.POSITIVE_INFINITY });
  await assert.rejects(ensure(), (error) => {
    assert.ok(error instanceof Error && 'code' in error && 'problem' in error);
    assert.equal(error.code, 'package-manager-busy');
    assert.match(JSON.stringify(error.problem), /pid 4711/);
    return true;
  });
});
