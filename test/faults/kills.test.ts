import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import { after, suite, test } from 'node:test';
import {
  exampleCluster,
  exampleMachines,
  type LabMachine,
  type SimulatedLab,
  startSimulatedLab,
} from '../integration/simulated-lab.ts';
import { until } from '../integration/until.ts';
import { createRandom, type Random } from '../simulation/random.ts';
import { faultSeed } from './fault-seed.ts';
import { type KillReport, killAtRandom } from './kill-at-random.ts';
import { applyUnderFaults, type RunDocument } from './run-under-faults.ts';
import { logFaults, repeatedEffects, spiltSecrets, survivors, unacknowledged, unfinishedRun } from './violations.ts';
import { type WorldHistory, watchWorld } from './watch-world.ts';

const bringUpCount = 5;
const killsPerBringUp = 20;
/** Of a survey whose coordinator was killed the listeners stay for 45 s, and a unit for 10 s when all is done. */
const processesGoneWithinMs = 70_000;

const firstSeed = faultSeed(process.env);

// Real processes: a seed decides who is killed and when, not what they were doing at that moment.
suite(`${bringUpCount * killsPerBringUp} deaths by SIGKILL during bring-ups of simulated machines`, () => {
  const killed: string[] = [];
  const ends: string[] = [];
  after(() => console.log('deaths', count(killed), 'ends', count(ends)));

  for (let seed = firstSeed; seed < firstSeed + bringUpCount; seed += 1) {
    test(`DROVER_FAULT_SEED=${seed}`, { timeout: 240_000 }, async () => {
      const lab = await startSimulatedLab();
      try {
        const machines = await Promise.all(exampleMachines.map((machine) => lab.addNode({ ...machine, pace: 1 })));
        const bringUp = await bringUpUnderKills(lab, createRandom(String(seed)));
        killed.push(...bringUp.report.killed);
        ends.push(bringUp.run.run.problem?.code ?? bringUp.run.run.state);
        await requireNoViolation(lab, machines, bringUp);
        await requireNoProcessLeft(lab);
      } catch (error) {
        const kept = `${lab.directory}-${seed}`;
        await cp(lab.directory, kept, { recursive: true });
        console.log(`what it left is in ${kept}`);
        throw error;
      } finally {
        await lab.dispose();
      }
    });
  }
});

interface BringUp {
  readonly run: RunDocument;
  /** The same run, or the one that followed when the faults were over. */
  readonly mended: RunDocument;
  readonly report: KillReport;
  readonly history: WorldHistory;
}

async function bringUpUnderKills(lab: SimulatedLab, random: Random): Promise<BringUp> {
  const file = await lab.clusterFile(await exampleCluster('simulated'));
  const [over, ended] = [new AbortController(), new AbortController()];
  const watching = watchWorld(lab, over.signal);
  const killing = killAtRandom(lab, random, { limit: killsPerBringUp, signal: ended.signal });
  try {
    const run = await applyUnderFaults(lab, file, 120_000);
    ended.abort();
    const report = await killing;
    await Promise.all(exampleMachines.map(({ name }) => lab.untilConnected(name)));
    // What a person does next: the faults are over, and the same file ends well.
    const mended = run.run.state === 'succeeded' ? run : await applyUnderFaults(lab, file, 60_000);
    over.abort();
    return { run, mended, report, history: await watching };
  } finally {
    ended.abort();
    over.abort();
    await Promise.all([killing, watching]);
  }
}

async function requireNoViolation(
  lab: SimulatedLab,
  machines: readonly (LabMachine & { readonly token: string })[],
  { run, mended, report, history }: BringUp,
): Promise<void> {
  const open = await unacknowledged(lab);
  const secrets = await spiltSecrets(
    lab,
    history,
    machines.map(({ token }) => token),
  );
  await lab.coordinator.stop();
  assert.deepEqual(
    {
      endedByThemselves: report.endedByThemselves,
      run: [...unfinishedRun(run), ...unfinishedRun(mended)],
      mended: mended.run.problem ?? mended.run.state,
      effects: repeatedEffects(history),
      open,
      logs: await logFaults(lab),
      secrets,
    },
    { endedByThemselves: [], run: [], mended: 'succeeded', effects: [], open: [], logs: [], secrets: [] },
  );
}

/** Units that nobody needs any more end by themselves. */
async function requireNoProcessLeft(lab: SimulatedLab): Promise<void> {
  await Promise.all([...lab.machines.values()].map(({ agent }) => agent.stop()));
  let left: readonly string[] = [];
  await until(
    () => `every process to end: ${left.join('\n')}`,
    async () => {
      left = await survivors(lab.directory);
      return left.length === 0;
    },
    processesGoneWithinMs,
  );
}

function count(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
