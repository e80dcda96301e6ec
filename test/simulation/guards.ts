import type { FaultName } from './faults.ts';

/**
 * What keeps the promises, and the faults that show it when one is missing. Each can be taken out of a simulation alone:
 * then a violation has to show, or the simulation would not notice if the product lost it.
 */
export const guards = {
  /** An agent obeys no coordinator that is older than one it has obeyed. */
  'agent-epoch': ['restored coordinator', 'copied coordinator', 'connection lost'],
  /** What no unit has taken when an agent that starts asks for it, no unit ever takes. */
  'unit-claim': ['agent killed'],
  /** A machine that was restarted has no units, and its agent knows. */
  'boot-identity': ['machine restarted'],
  /** An agent's journal outlives it. */
  'agent-journal': ['agent killed', 'machine restarted'],
  /** A commit is on the disk when it is answered. */
  'synced-commit': ['coordinator killed'],
  /** A cluster has one run at a time. */
  'cluster-lock': ['operator'],
  /** An agent may forget what an operation ended with once that is committed, and not before. */
  'late-acknowledgement': ['coordinator killed'],
  /** A coordinator commits under its own epoch. */
  'store-epoch': ['second coordinator over one store'],
  /** A guarded action looks before it acts. */
  probe: ['units killed'],
} as const satisfies Readonly<Record<string, readonly FaultName[]>>;

export type GuardName = keyof typeof guards;

export const guardNames = Object.keys(guards) as readonly GuardName[];

/** The guards that are in place. */
export type Guards = Readonly<Record<GuardName, boolean>>;

/** All of them but one. */
export function guardsWithout(name?: GuardName): Guards {
  return Object.fromEntries(guardNames.map((each) => [each, each !== name])) as Guards;
}
