import type { MachineLock } from '../operations/machine-lock.ts';

/** A lock that processes in one memory share. */
export function createMemoryLock(): MachineLock {
  let isHeld = false;
  return {
    tryAcquire: () => {
      if (isHeld) return undefined;
      isHeld = true;
      return () => {
        isHeld = false;
      };
    },
  };
}
