import { Type } from 'typebox';
import { type MarkFile, markFile } from '../kubernetes/mark-file.ts';

/**
 * Lies there from before what a unit runs by is written until it has been restarted: an agent that ends between both has a
 * successor that restarts it.
 */
export function restartMark(unit: string): MarkFile<object> {
  return markFile(`restart-${unit}.json`, Type.Object({}));
}
