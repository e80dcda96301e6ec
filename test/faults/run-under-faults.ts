import { setTimeout as delay } from 'node:timers/promises';
import type { SimulatedLab } from '../integration/simulated-lab.ts';

/** A run as `drover get runs RUN` shows it. */
export interface RunDocument {
  readonly run: {
    readonly runId: string;
    readonly state: string;
    readonly createdAt: string;
    readonly problem?: { readonly code: string };
  };
  readonly plan: { readonly steps: readonly { readonly id: string; readonly node: string }[] };
  readonly steps: readonly {
    readonly stepId: string;
    readonly state: string;
    readonly attempts: number;
    readonly operationId?: string;
    readonly problem?: { readonly code: string };
  }[];
}

/** Exit statuses of drover that no repetition mends: a fault of its own, and one of its input. */
const hopeless = new Set([1, 2]);

/**
 * Applies a cluster file as a person does whose coordinator and agents come and go: again, while nobody answers or a node
 * is away, until a run of it has ended. Throws with the run as it is when that takes longer than `timeoutMs`.
 */
export async function applyUnderFaults(lab: SimulatedLab, file: string, timeoutMs: number): Promise<RunDocument> {
  const deadlineMs = performance.now() + timeoutMs;
  const applied = await startedRun(lab, file, deadlineMs);
  for (;;) {
    const latest = await latestRun(lab);
    if (latest !== undefined && latest.run.runId !== applied && latest.run.state !== 'running') return latest;
    if (performance.now() > deadlineMs) throw new Error(`the run has not ended: ${unfinishedSteps(latest)}`);
    await delay(200);
  }
}

/** Starts a run, unless one is under way, and returns the id of the one before it. */
async function startedRun(lab: SimulatedLab, file: string, deadlineMs: number): Promise<string | undefined> {
  const before = (await latestRun(lab))?.run;
  for (;;) {
    const { exitCode, stderr } = await lab.drover('apply', '--no-wait', '-f', file);
    if (hopeless.has(exitCode)) throw new Error(`apply ended with status ${exitCode}: ${stderr}`);
    const latest = await latestRun(lab);
    if (latest !== undefined && latest.run.runId !== before?.runId) return before?.runId;
    if (performance.now() > deadlineMs) throw new Error(`no run could be started: ${stderr}`);
    await delay(100);
  }
}

function unfinishedSteps(run: RunDocument | undefined): string {
  const open = run?.steps.filter(({ state }) => state !== 'succeeded');
  return JSON.stringify(open ?? 'nobody answers', null, 1);
}

/** The newest run; undefined when there is none, or nobody answers. */
export async function latestRun(lab: Pick<SimulatedLab, 'drover'>): Promise<RunDocument | undefined> {
  const listed = await lab.drover('get', 'runs', '-o', 'json');
  if (listed.exitCode !== 0) return undefined;
  const runs = JSON.parse(listed.stdout) as readonly RunDocument['run'][];
  const newest = runs.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  if (newest === undefined) return undefined;
  const shown = await lab.drover('get', 'runs', newest.runId, '-o', 'json');
  return shown.exitCode === 0 ? (JSON.parse(shown.stdout) as RunDocument) : undefined;
}
