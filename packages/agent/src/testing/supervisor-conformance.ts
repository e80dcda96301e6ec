import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Supervisor } from '../units/supervisor.ts';

/** A supervisor under test, and programs that it can start. Each command line is one that no other process has. */
export interface SupervisorUnderTest {
  readonly supervisor: Supervisor;
  /** Another one over the same processes, as a later life of the agent has it. */
  again(): Promise<Supervisor>;
  /** Runs until it is killed. */
  readonly lasting: readonly [string, ...string[]];
  /** Ends by itself with this status. */
  ending(status: number): readonly [string, ...string[]];
  /** Kills what runs under the name. */
  kill(name: string): Promise<void>;
  /** Resolves when the condition holds. */
  until(condition: () => Promise<boolean>): Promise<void>;
}

/** What every supervisor promises. */
export function testSupervisor(form: string, open: () => Promise<SupervisorUnderTest>): void {
  test(`${form}: a process runs under its name, which is refused from then on`, async () => {
    const { supervisor, lasting, kill } = await open();
    assert.equal(await supervisor.state('drover-op-1'), 'absent');
    await supervisor.start('drover-op-1', lasting);
    assert.equal(await supervisor.state('drover-op-1'), 'running');
    await assert.rejects(supervisor.start('drover-op-1', lasting), { code: 'unit-exists' });
    await kill('drover-op-1');
  });

  test(`${form}: of many starts under one name one succeeds`, async () => {
    const { supervisor, lasting, kill } = await open();
    const starts = Array.from({ length: 16 }, () => supervisor.start('drover-op-1', lasting));
    const results = await Promise.allSettled(starts);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    await kill('drover-op-1');
  });

  test(`${form}: a later life of the agent finds what an earlier one started`, async () => {
    const { supervisor, again, lasting, kill, until } = await open();
    await supervisor.start('drover-op-1', lasting);
    const later = await again();
    assert.equal(await later.state('drover-op-1'), 'running');
    await kill('drover-op-1');
    await until(async () => (await later.state('drover-op-1')) !== 'running');
    assert.notEqual(await later.state('drover-op-1'), 'absent');
  });

  test(`${form}: how a process ended is known until its name is cleared, and free then`, async () => {
    const { supervisor, ending, until } = await open();
    await supervisor.start('drover-op-1', ending(3));
    const isOver = async () => {
      const state = await supervisor.state('drover-op-1');
      return typeof state === 'object' && /status 3/.test(state.exited);
    };
    await until(isOver);
    await assert.rejects(supervisor.start('drover-op-1', ending(3)), { code: 'unit-exists' });
    await supervisor.clear('drover-op-1');
    assert.equal(await supervisor.state('drover-op-1'), 'absent');
    await supervisor.start('drover-op-1', ending(0));
  });

  test(`${form}: clearing does nothing to a process that runs`, async () => {
    const { supervisor, lasting, kill } = await open();
    await supervisor.start('drover-op-1', lasting);
    await supervisor.clear('drover-op-1');
    assert.equal(await supervisor.state('drover-op-1'), 'running');
    await kill('drover-op-1');
  });

  test(`${form}: a program that is not there is not started, and its name stays free`, async () => {
    const { supervisor, ending } = await open();
    await assert.rejects(supervisor.start('drover-op-1', ['/nonexistent/program']), { code: 'unit-not-started' });
    await supervisor.start('drover-op-1', ending(0));
  });
}
