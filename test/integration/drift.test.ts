import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createSimulatedHost } from '@drover/agent/testing';
import { exampleCluster, exampleMachines, type SimulatedLab, startSimulatedLab } from './simulated-lab.ts';
import { until } from './until.ts';

interface Finding {
  readonly node?: string;
  readonly check: string;
  readonly rule: string;
  readonly message: string;
  readonly since: string;
  readonly resolvedAt?: string;
}

interface MachineState {
  readonly packages: Readonly<Record<string, string>>;
  readonly units: Readonly<Record<string, { readonly active: boolean }>>;
}

/** What is promised: an event is told, or found by the next sweep, within this. */
const foundMs = 60_000;
const machines = exampleMachines.slice(0, 2);
const worker = 'worker-1';

// One story on one lab: each test begins where the one before has ended.
suite('what somebody changes on a member', () => {
  let lab: SimulatedLab;

  before(async () => {
    lab = await startSimulatedLab(machines);
    const { exitCode, stderr } = await lab.drover('apply', '-f', await lab.clusterFile(await clusterText()));
    assert.equal(exitCode, 0, stderr);
  });
  after(() => lab.dispose());

  const clusterText = (checks?: Readonly<Record<string, string>>): Promise<string> =>
    exampleCluster('simulated', (spec) => {
      spec.nodes = spec.nodes.filter(({ name }) => machines.some((machine) => machine.name === name));
      Object.assign(spec, { firewall: { mode: 'manage' } });
      if (checks !== undefined) Object.assign(spec, { drift: { checks } });
    });
  const fileOf = (path: string): string => join(lab.directory, worker, 'root', path);
  const findings = async (check: string): Promise<readonly Finding[]> => {
    const all = await lab.json<readonly Finding[]>('drift', '--all');
    return all.filter((finding) => finding.node === worker && finding.check === check);
  };
  const append = async (path: string, line: string) => await writeFile(fileOf(path), line, { flag: 'a' });
  const editDaemonConfiguration = async (settings: Readonly<Record<string, unknown>>): Promise<void> => {
    const path = fileOf('etc/docker/daemon.json');
    const present = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...present, ...settings }));
  };
  const enableUfw = async (): Promise<void> => {
    await mkdir(fileOf('etc/ufw'), { recursive: true });
    await writeFile(fileOf('etc/ufw/ufw.conf'), 'ENABLED=yes\n');
  };
  const stateFile = (): string => join(lab.directory, worker, 'state.json');
  const stateOf = async () => JSON.parse(await readFile(stateFile(), 'utf8')) as MachineState;
  const upgrade = async (packages: Readonly<Record<string, string>>): Promise<void> => {
    const state = await stateOf();
    await writeFile(stateFile(), JSON.stringify({ ...state, packages: { ...state.packages, ...packages } }));
  };
  const run = async (...argv: readonly [string, ...string[]]): Promise<void> => {
    const host = await createSimulatedHost({ directory: join(lab.directory, worker) });
    await host.run({ argv, timeoutMs: 10_000 });
  };
  const untilFound = async (check: string, rule: string): Promise<Finding | undefined> => {
    const find = async () => (await findings(check)).find((each) => each.rule === rule && !each.resolvedAt);
    await until(
      () => `${check}/${rule}`,
      async () => (await find()) !== undefined,
      foundMs,
    );
    return await find();
  };

  /** What somebody did on the machine, and the finding that it has to lead to. */
  const events: readonly (readonly [check: string, rule: string, act: () => Promise<unknown>])[] = [
    ['swap', 'on', () => append('proc/swaps', '/swapfile file 1048572 0 -2\n')],
    ['sysctl', 'off', () => writeFile(fileOf('proc/sys/net/ipv4/ip_forward'), '0\n')],
    ['docker-settings', 'other', () => editDaemonConfiguration({ 'exec-opts': ['native.cgroupdriver=cgroupfs'] })],
    ['package-versions', 'other', () => upgrade({ 'docker-ce': '24.0.1' })],
    ['firewall', 'managed', () => enableUfw()],
    ['kubelet-running', 'stopped', () => run('systemctl', 'stop', 'kubelet')],
  ];

  test('is found within a minute, with since when; and nothing is done about it where nobody lets it', async () => {
    const earlier = new Date().toISOString();
    for (const [, , act] of events) await act();
    for (const [check, rule] of events) {
      const found = await untilFound(check, rule);
      assert.ok((found?.since ?? '') > earlier, `${check} since ${found?.since}, and it happened after ${earlier}`);
    }
    const workflows = (await lab.json<readonly { workflow: string }[]>('get', 'runs')).map(({ workflow }) => workflow);
    assert.deepEqual(workflows, ['bring-up-cluster']);
    assert.equal(await readFile(fileOf('proc/sys/net/ipv4/ip_forward'), 'utf8'), '0\n');
  });

  test('is mended by runs where the cluster file lets them', async () => {
    const policy = Object.fromEntries(events.map(([check]) => [check, 'repair']));
    const text = await clusterText(policy);
    const { exitCode, stderr } = await lab.drover('apply', '--no-run', '-f', await lab.clusterFile(text));
    assert.equal(exitCode, 0, stderr);
    for (const [check, rule] of events) {
      await until(
        () => `${check} to be over`,
        async () => (await findings(check)).every((each) => each.rule !== rule || each.resolvedAt !== undefined),
        foundMs,
      );
    }
    assert.equal(await readFile(fileOf('proc/sys/net/ipv4/ip_forward'), 'utf8'), '1\n');
    assert.doesNotMatch(await readFile(fileOf('proc/swaps'), 'utf8'), /swapfile/);
    assert.match(await readFile(fileOf('etc/docker/daemon.json'), 'utf8'), /native\.cgroupdriver=systemd/);
    assert.match(
      await readFile(fileOf('etc/ufw/user.rules'), 'utf8'),
      /allow tcp 10250 .* 10\.\S+ in comment=64726f766572$/m,
    );
    assert.equal((await stateOf()).packages['docker-ce'], '20.10.24');
    assert.equal((await stateOf()).units['kubelet']?.active, true);
  });
});
