import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  applyUserData,
  execOnHost,
  findHost,
  type Lab,
  labFromEnvironment,
  parseUserData,
  readState,
  reimage,
} from '../deploy/lab/src/index.ts';
import { createDrover, type Drover } from '../deploy/quickstart/drover.ts';
import type { Benchmark, Reading } from './benchmark.ts';
import { type FinishedStep, overheadOf, type StartedStep } from './rejoin-overhead.ts';

const worker = 'worker-1';
const timeoutMs = 10 * 60_000;

/**
 * What a worker's way back into its cluster costs besides the commands on its hosts: time, by what it went to, and
 * processor time of the daemons. Throws the disk of the lab's first worker away (`npm start` first).
 */
export const rejoinBenchmark: Benchmark = {
  name: 'rejoin',
  run: async () => {
    const lab = labFromEnvironment(process.env);
    if (!(await readState(lab)).hosts.some(({ name }) => name === worker)) {
      console.error(`rejoin: the lab has no ${worker}; \`npm start\` first`);
      return [];
    }
    const ending = new AbortController();
    const drover = createDrover(join(lab.directory, 'drover.yaml'), ending.signal);
    const before = await readProcessorTime(lab);
    await reimageWorker(lab, drover, ending.signal);
    const { run, plan, steps } = await finishedRun(drover, await newestRun(drover));
    const after = await readProcessorTime(lab);
    const { wallMs, overheadMs } = run.summary;
    return [
      { what: 'altogether', value: wallMs / 1000, unit: 's' },
      { what: 'Drover’s own', value: overheadMs, unit: 'ms' },
      { what: 'Drover’s own, of all', value: (overheadMs / wallMs) * 100, unit: '%' },
      ...overheadOf(plan.steps, steps),
      ...after.map(
        ({ what, value, unit }, index): Reading => ({ what, unit, value: value - (before[index]?.value ?? 0) }),
      ),
    ];
  },
};

interface RunDocument {
  readonly run: { readonly state: string; readonly summary: { readonly wallMs: number; readonly overheadMs: number } };
  readonly plan: { readonly steps: readonly StartedStep[] };
  readonly steps: readonly FinishedStep[];
}

async function reimageWorker(lab: Lab, drover: Drover, signal: AbortSignal): Promise<void> {
  const userData = parseUserData(await drover.read(['enroll', 'snippet', worker, '--format', 'cloud-init']));
  const earlier = await newestRun(drover);
  const host = await findHost(lab, worker);
  await reimage(lab, host, { signal });
  await applyUserData(lab, host, userData, { signal });
  await until(async () => (await newestRun(drover)) !== earlier, `a rejoin of ${worker}`);
}

async function newestRun(drover: Drover): Promise<string> {
  const runs = JSON.parse(await drover.read(['get', 'runs', '-o', 'json'])) as { runId: string; createdAt: string }[];
  return runs.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0]?.runId ?? '';
}

async function finishedRun(drover: Drover, runId: string): Promise<RunDocument> {
  let document: RunDocument | undefined;
  await until(async () => {
    document = JSON.parse(await drover.read(['get', 'runs', runId, '-o', 'json'])) as RunDocument;
    return document.run.state === 'succeeded';
  }, `run ${runId} to succeed`);
  if (document === undefined) throw new Error(`no run ${runId}`);
  return document;
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  for (const deadlineMs = performance.now() + timeoutMs; !(await isSo()); await delay(1_000))
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${what}`);
}

/** Of the coordinator and of the agents of hosts that keep their disks: without the units, whose commands are the hosts'. */
async function readProcessorTime(lab: Lab): Promise<readonly Reading[]> {
  const coordinator = (await readFile(join(lab.directory, 'coordinator.pid'), 'utf8')).trim();
  const coordinatorS = processorSeconds(await readFile(`/proc/${coordinator}/stat`, 'utf8'));
  const show = 'cat /proc/$(systemctl show --property=MainPID --value drover-agent)/stat';
  const { stdout } = await execOnHost(lab, await findHost(lab, 'control-plane-1'), ['sh', '-c', show]);
  return [
    { what: 'processor time of the coordinator', value: coordinatorS, unit: 's' },
    { what: 'processor time of the agent of control-plane-1', value: processorSeconds(stdout), unit: 's' },
  ];
}

/** User and system time, in ticks of 10 ms: fields 14 and 15 of proc(5), after a name that may hold spaces. */
function processorSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
