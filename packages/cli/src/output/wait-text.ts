import type { CoordinatorWait } from '../client/patience.ts';

/** A wait for the coordinator as people read it: on what, since when, until when (UTC). Undefined when it is over. */
export function waitText(wait: CoordinatorWait | undefined): string {
  if (wait === undefined) return 'the coordinator answers again';
  const { reason, sinceAt, untilAt } = wait;
  return `waiting for the coordinator since ${timeOfDay(sinceAt)}, until ${timeOfDay(untilAt)}: ${reason}`;
}

/** The time of an instant in UTC: 13:05:00. `at` is in milliseconds since 1970. */
export function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
