import { until } from '../../integration/until.ts';
import { droverJson, latestRun, type RunDocument } from '../quick-start.ts';

/** So long a way back into the cluster may take on a busy machine. */
export const rejoinMs = 6 * 60_000;

/** How many rejoins have succeeded so far. */
export async function countRejoins(): Promise<number> {
  const runs = await droverJson<readonly { workflow: string; state: string }[]>('get', 'runs');
  return runs.filter((run) => run.workflow === 'rejoin-node' && run.state === 'succeeded').length;
}

/** The newest run, when so many rejoins have succeeded. */
export async function untilRejoined(count: number): Promise<RunDocument> {
  await until(
    () => `${count} rejoins to have succeeded`,
    async () => (await countRejoins()) === count,
    rejoinMs,
  );
  return await latestRun();
}
