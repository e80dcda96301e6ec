import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execOnHost, findHost, type Lab, labFromEnvironment, readState } from '../deploy/lab/src/index.ts';
import { createDrover } from '../deploy/quickstart/drover.ts';
import type { Benchmark, Reading } from './benchmark.ts';
import { reimageHost, rejoinRuns, rejoinsBeside } from './lab-rejoins.ts';
import { type FinishedStep, overheadOf, type StartedStep } from './rejoin-overhead.ts';

const worker = 'worker-1';

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
    const earlier = await rejoinRuns(drover);
    await reimageHost(lab, drover, worker, ending.signal);
    const [rejoin] = await rejoinsBeside(drover, earlier, 1);
    const document = await drover.read(['get', 'runs', rejoin?.runId ?? '', '-o', 'json']);
    const { run, plan, steps } = JSON.parse(document) as RunDocument;
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
  readonly run: { readonly summary: { readonly wallMs: number; readonly overheadMs: number } };
  readonly plan: { readonly steps: readonly StartedStep[] };
  readonly steps: readonly FinishedStep[];
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
