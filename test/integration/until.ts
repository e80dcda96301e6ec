import { setTimeout as delay } from 'node:timers/promises';

/** How often a condition is looked at. */
const intervalMs = 25;

/** Waits for what other processes do. Throws after `timeoutMs`, saying what did not come. */
export async function until(
  what: () => string,
  isSo: () => Promise<boolean> | boolean,
  timeoutMs = 20_000,
): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadlineMs) throw new Error(`waited ${timeoutMs / 1_000} s in vain for ${what()}`);
    await delay(intervalMs);
  }
}
