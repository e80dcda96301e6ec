export { formatElapsed } from './format-elapsed.ts';
export {
  createProgress,
  type Progress,
  type ProgressClock,
  type ProgressOptions,
  type ProgressPart,
} from './progress.ts';
export { type RunLoggedOptions, runLogged } from './run-logged.ts';
export { showPart } from './show-part.ts';
export { systemProgressClock } from './system-progress-clock.ts';
