import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
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

/** What is promised: an event is told, or found by the next sweep, within this. */
const foundMs = 60_000;
const machines = exampleMachines.slice(0, 2);
const worker = 'worker-1';

// One story on one lab: each test begins where the one before has ended.
suite('what somebody changes on a member', () => {
  let lab: SimulatedLab;

  before(async () => {
    lab = await startSimulatedLab(machines);
    const text = await exampleCluster('simulated', (spec) => {
      spec.nodes = spec.nodes.filter(({ name }) => machines.some((machine) => machine.name === name));
    });
    const { exitCode, stderr } = await lab.drover('apply', '-f', await lab.clusterFile(text));
    assert.equal(exitCode, 0, stderr);
  });
  after(() => lab.dispose());

  const fileOf = (path: string): string => join(lab.directory, worker, 'root', path);
  const findings = async (check: string): Promise<readonly Finding[]> => {
    const all = await lab.json<readonly Finding[]>('drift', '--all');
    return all.filter((finding) => finding.node === worker && finding.check === check);
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

  test('swap that is switched on again is found, with since when, and is over once it is off', async () => {
    const earlier = new Date().toISOString();
    const off = await readFile(fileOf('proc/swaps'), 'utf8');
    await writeFile(fileOf('proc/swaps'), `${off.trimEnd()}\n/swapfile file 1048572 0 -2\n`);
    const found = await untilFound('swap', 'on');
    assert.match(found?.message ?? '', /swap is on: \/swapfile/);
    assert.ok((found?.since ?? '') > earlier, `since ${found?.since}, and it happened after ${earlier}`);
    await writeFile(fileOf('proc/swaps'), off);
    await until(
      () => 'it to be over',
      async () => (await findings('swap')).every(({ resolvedAt }) => resolvedAt !== undefined),
      foundMs,
    );
  });
});
