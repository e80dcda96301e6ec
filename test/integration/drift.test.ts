import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { createSimulatedHost } from '@drover/agent/testing';
import {
  exampleCluster,
  exampleMachines,
  type MachineSettings,
  type SimulatedLab,
  startSimulatedLab,
} from './simulated-lab.ts';
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

/** A cluster, and what somebody does on one of its members. */
interface Story {
  readonly machines: readonly MachineSettings[];
  readonly node: string;
  readonly spec?: object;
  /** What is done, and the finding that it has to lead to. */
  readonly events: readonly (readonly [check: string, rule: string, act: (member: Member) => Promise<unknown>])[];
  /** What shows on the machine that it was mended. */
  readonly mended: (member: Member) => Promise<void>;
}

/** The machine behind Drover's back. */
interface Member {
  readonly read: (path: string) => Promise<string>;
  readonly write: (path: string, edit: (text: string) => string) => Promise<void>;
  readonly state: () => Promise<MachineState>;
  readonly upgrade: (packages: Readonly<Record<string, string>>) => Promise<void>;
  readonly run: (...argv: readonly [string, ...string[]]) => Promise<void>;
}

/** What is promised: an event is told, or found by the next sweep, within this. */
const foundMs = 60_000;

const dockerStory: Story = {
  machines: exampleMachines.slice(0, 2),
  node: 'worker-1',
  spec: { firewall: { mode: 'manage' } },
  events: [
    ['firewall', 'managed', ({ run }) => run('ufw', '--force', 'enable')],
    ['swap', 'on', ({ write }) => write('proc/swaps', (text) => `${text}/swapfile file 1048572 0 -2\n`)],
    ['sysctl', 'off', ({ write }) => write('proc/sys/net/ipv4/ip_forward', () => '0\n')],
    [
      'docker-settings',
      'other',
      ({ write }) =>
        write('etc/docker/daemon.json', (text) =>
          JSON.stringify({ ...(JSON.parse(text) as object), 'exec-opts': ['native.cgroupdriver=cgroupfs'] }),
        ),
    ],
    ['package-versions', 'other', ({ upgrade }) => upgrade({ 'docker-ce': '24.0.1' })],
    ['kubelet-running', 'stopped', ({ run }) => run('systemctl', 'stop', 'kubelet')],
  ],
  mended: async ({ read, state }) => {
    assert.match(await read('etc/ufw/user.rules'), /allow tcp 10250 .* 10\.\S+ in comment=64726f766572$/m);
    assert.equal(await read('proc/sys/net/ipv4/ip_forward'), '1\n');
    assert.doesNotMatch(await read('proc/swaps'), /swapfile/);
    assert.match(await read('etc/docker/daemon.json'), /native\.cgroupdriver=systemd/);
    const { packages, units } = await state();
    assert.equal(packages['docker-ce'], '20.10.24');
    assert.equal(units['kubelet']?.active, true);
  },
};

const containerdPath = 'etc/containerd/config.toml';
const hostsPath = 'etc/containerd/certs.d/10.213.0.1:5000/hosts.toml';
const proxyPath = 'etc/systemd/system/containerd.service.d/http-proxy.conf';
const containerdStory: Story = {
  machines: exampleMachines.slice(0, 1),
  node: 'control-plane-1',
  spec: {
    runtime: {
      containerd: {
        version: '1.6.20',
        repository: 'docker-ce',
        registries: [{ host: '10.213.0.1:5000', insecure: true, mirrors: ['http://10.213.0.1:5001'] }],
      },
    },
    proxy: { https: 'http://10.213.0.9:3128', noProxy: ['10.213.0.1'] },
  },
  events: [
    [
      'containerd-configuration',
      'criDisabled',
      ({ write }) => write(containerdPath, (text) => `disabled_plugins = ["io.containerd.grpc.v1.cri"]\n${text}`),
    ],
    [
      'cgroup-driver',
      'containerdEdited',
      ({ write }) => write(containerdPath, (text) => text.replace('SystemdCgroup = true', 'SystemdCgroup = false')),
    ],
    [
      'containerd-configuration',
      'other',
      ({ write }) => write(hostsPath, (text) => text.replace('10.213.0.1:5001', '10.213.0.7:5001')),
    ],
    ['proxies', 'dropIn', ({ write }) => write(proxyPath, (text) => text.replace('10.213.0.9', '10.213.0.8'))],
    ['package-versions', 'other', ({ upgrade }) => upgrade({ 'containerd.io': '1.7.28' })],
    ['runtime-running', 'stopped', ({ run }) => run('systemctl', 'stop', 'containerd')],
  ],
  mended: async ({ read, state }) => {
    const text = await read(containerdPath);
    assert.match(text, /SystemdCgroup = true/);
    assert.match(text, /^disabled_plugins = \[\]$/m);
    assert.match(await read(hostsPath), /10\.213\.0\.1:5001/);
    assert.match(await read(proxyPath), /10\.213\.0\.9:3128/);
    const { packages, units } = await state();
    assert.equal(packages['containerd.io'], '1.6.20');
    assert.equal(units['containerd']?.active, true);
  },
};

// One story on one lab: its second test begins where the first has ended.
for (const [runtime, story] of Object.entries({ Docker: dockerStory, containerd: containerdStory })) {
  suite(`what somebody changes on a member with ${runtime}`, () => {
    const { machines, node, events } = story;
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
        Object.assign(spec, story.spec);
        if (checks !== undefined) Object.assign(spec, { drift: { checks } });
      });
    const findings = async (check: string): Promise<readonly Finding[]> => {
      const all = await lab.json<readonly Finding[]>('drift', '--all');
      return all.filter((finding) => finding.node === node && finding.check === check);
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

    test('is found within a minute, with since when; and nothing is done about it where nobody lets it', async () => {
      const earlier = new Date().toISOString();
      const member = memberAt(join(lab.directory, node));
      for (const [, , act] of events) await act(member);
      for (const [check, rule] of events) {
        const found = await untilFound(check, rule);
        assert.ok((found?.since ?? '') > earlier, `${check} since ${found?.since}, and it happened after ${earlier}`);
      }
      const runs = await lab.json<readonly { workflow: string }[]>('get', 'runs');
      assert.deepEqual(
        runs.map(({ workflow }) => workflow),
        ['bring-up-cluster'],
      );
      await assert.rejects(story.mended(member));
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
      await story.mended(memberAt(join(lab.directory, node)));
    });
  });
}

function memberAt(directory: string): Member {
  const stateFile = join(directory, 'state.json');
  const read = (path: string) => readFile(join(directory, 'root', path), 'utf8');
  const state = async () => JSON.parse(await readFile(stateFile, 'utf8')) as MachineState;
  return {
    read,
    state,
    write: async (path, edit) => await writeFile(join(directory, 'root', path), edit(await read(path))),
    upgrade: async (packages) => {
      const present = await state();
      await writeFile(stateFile, JSON.stringify({ ...present, packages: { ...present.packages, ...packages } }));
    },
    run: async (...argv) => {
      const host = await createSimulatedHost({ directory });
      await host.run({ argv, timeoutMs: 10_000 });
    },
  };
}
