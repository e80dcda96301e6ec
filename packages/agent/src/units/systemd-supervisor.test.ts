import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentErrors } from '../errors.ts';
import type { Command, CommandResult } from '../host/host.ts';
import { openSystemdSupervisor } from './systemd-supervisor.ts';

interface FakeUnit {
  readonly argv: readonly string[];
  activeState: 'active' | 'failed';
  subState: string;
}

/** Process 1 and its two programs, as far as the supervisor uses them. */
function createFakeSystemd(version = 252) {
  const units = new Map<string, FakeUnit>();
  const commands: string[] = [];
  const fail = (argv: readonly string[], reason: string): never => {
    throw agentErrors.create('command-failed', { tried: `run ${argv.join(' ')}`, reason });
  };
  const answers: Readonly<Record<string, (argv: readonly string[]) => string>> = {
    '--version': () => `systemd ${version} (${version}.39-1~deb12u2)\n+PAM +AUDIT\n`,
    start: (argv) => {
      const name = argv.find((argument) => argument.startsWith('--unit='))?.slice('--unit='.length) ?? '';
      const program = argv.slice(argv.indexOf('--') + 1);
      if (units.has(name) || program[0] === '/missing') return fail(argv, 'it ended with status 1');
      units.set(name, { argv: program, activeState: 'active', subState: 'running' });
      return '';
    },
    show: (argv) => {
      const unit = units.get(argv.at(-1) ?? '');
      return unit === undefined
        ? 'LoadState=not-found\nActiveState=inactive\nSubState=dead\n'
        : `Result=success\nExecMainStatus=0\nLoadState=loaded\nActiveState=${unit.activeState}\nSubState=${unit.subState}\nJob=\n`;
    },
    'reset-failed': (argv) => {
      if (units.get(argv.at(-1) ?? '')?.activeState === 'failed') units.delete(argv.at(-1) ?? '');
      return '';
    },
    stop: (argv) => {
      if (units.get(argv.at(-1) ?? '')?.activeState === 'active') units.delete(argv.at(-1) ?? '');
      return '';
    },
  };
  const run = async ({ argv }: Command): Promise<CommandResult> => {
    commands.push(argv.join(' '));
    const verb = argv[0] === 'systemd-run' && argv[1] !== '--version' ? 'start' : (argv[1] ?? '');
    return { status: 0, stdout: answers[verb]?.(argv) ?? fail(argv, 'no such verb'), stderr: '' };
  };
  const end = (name: string, activeState: FakeUnit['activeState']) => {
    const unit = units.get(name);
    assert.ok(unit !== undefined);
    Object.assign(unit, { activeState, subState: activeState === 'active' ? 'exited' : 'failed' });
  };
  return { run, end, units, commands };
}

test('a started unit runs, and its name is refused', async () => {
  const systemd = createFakeSystemd();
  const supervisor = await openSystemdSupervisor(systemd);
  assert.equal(await supervisor.state('drover-op-1'), 'absent');
  await supervisor.start('drover-op-1', ['/bin/program', 'argument']);
  assert.equal(await supervisor.state('drover-op-1'), 'running');
  await assert.rejects(supervisor.start('drover-op-1', ['/bin/program']), { code: 'unit-exists' });
});

test('what cannot be started is told apart from a name that is taken', async () => {
  const supervisor = await openSystemdSupervisor(createFakeSystemd());
  await assert.rejects(supervisor.start('drover-op-1', ['/missing']), { code: 'unit-not-started' });
});

for (const activeState of ['active', 'failed'] as const) {
  test(`a name is refused after its unit ended as ${activeState}, and free once it is cleared`, async () => {
    const systemd = createFakeSystemd();
    const supervisor = await openSystemdSupervisor(systemd);
    await supervisor.start('drover-op-1', ['/bin/program']);
    systemd.end('drover-op-1.service', activeState);
    assert.deepEqual(await supervisor.state('drover-op-1'), { exited: 'it ended with status 0' });
    await assert.rejects(supervisor.start('drover-op-1', ['/bin/program']), { code: 'unit-exists' });
    await supervisor.clear('drover-op-1');
    assert.equal(await supervisor.state('drover-op-1'), 'absent');
    await supervisor.start('drover-op-1', ['/bin/program']);
  });
}

test('clearing neither stops a unit that runs nor minds one that is not there', async () => {
  const systemd = createFakeSystemd();
  const supervisor = await openSystemdSupervisor(systemd);
  await supervisor.start('drover-op-1', ['/bin/program']);
  await supervisor.clear('drover-op-1');
  await supervisor.clear('drover-op-2');
  assert.equal(await supervisor.state('drover-op-1'), 'running');
  assert.ok(systemd.commands.every((command) => !/ (stop|reset-failed) /.test(command)));
});

test('arguments that process 1 would expand reach the program as they are', async () => {
  const systemd = createFakeSystemd();
  const supervisor = await openSystemdSupervisor(systemd);
  await supervisor.start('drover-op-1', ['/bin/program', '/a$HOME', '$$']);
  assert.deepEqual(systemd.units.get('drover-op-1.service')?.argv, ['/bin/program', '/a$$HOME', '$$$$']);
});

test('systemd is asked for nothing that its version does not know', async () => {
  // From bus_append_unit_property_assignment in its bus-util.c; systemd-run ends with an error at any other.
  const known = /^--property=(Limit[A-Z]+|KillMode|KillSignal|SendSIGKILL|Environment|Nice)=/;
  const properties = async (version: number) => {
    const systemd = createFakeSystemd(version);
    const supervisor = await openSystemdSupervisor(systemd);
    await supervisor.start('drover-op-1', ['/bin/program']);
    return (systemd.commands.find((command) => command.includes('--unit=')) ?? '')
      .split(' ')
      .filter((argument) => argument.startsWith('--property='));
  };
  assert.deepEqual(
    (await properties(219)).filter((property) => !known.test(property)),
    [],
  );
  assert.ok((await properties(239)).includes('--property=TimeoutStopSec=150s'));
  assert.equal((await properties(239)).includes('--property=OOMPolicy=continue'), false);
  assert.ok((await properties(243)).includes('--property=OOMPolicy=continue'));
});
