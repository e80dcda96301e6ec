import type { Progress, ProgressPart } from './progress.ts';

/** Shows `work` as one part: done when it resolves (unless it said so itself, with a detail), failed when it throws. */
export async function showPart<Result>(
  progress: Progress,
  name: string,
  estimateMs: number,
  work: (part: ProgressPart) => Promise<Result>,
): Promise<Result> {
  const part = progress.part(name, { estimateMs });
  try {
    const result = await work(part);
    part.done();
    return result;
  } catch (error) {
    part.fail(error);
    throw error;
  }
}
