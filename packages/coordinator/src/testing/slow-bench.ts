import { createEngineBench, type EngineBench } from './engine-bench.ts';
import { completed, failed } from './fake-agents.ts';

/** Each operation takes ten seconds; those of steps that are named fail so often. */
export function createSlowBench(failures: Record<string, number> = {}): EngineBench {
  const left = new Map(Object.entries(failures));
  const bench = createEngineBench({
    behave: async ({ request }) => {
      await bench.clock.sleep(10_000);
      const steps = await bench.store.list('steps/');
      const records = steps.map(({ value }) => value as { readonly stepId: string; readonly operationId?: string });
      const stepId = records.find(({ operationId }) => operationId === request.operationId)?.stepId ?? '';
      const times = left.get(stepId) ?? 0;
      left.set(stepId, times - 1);
      return times > 0 ? failed(false) : completed();
    },
  });
  return bench;
}

/** The keys of the locks that are held. */
export async function locksOf(bench: EngineBench): Promise<readonly string[]> {
  return (await bench.store.list('locks/')).map(({ key }) => key);
}
