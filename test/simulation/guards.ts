/**
 * What keeps the promises. Each can be taken out of a simulation alone: then a violation has to show, or the simulation
 * would not notice if the product lost it.
 */
export const guardNames = [
  /** An agent obeys no coordinator that is older than one it has obeyed. */
  'agent-epoch',
  /** A unit's name is known as long as its operation is. */
  'unit-name',
  /** What an agent asks for when it starts, and no unit has taken, no unit ever takes. */
  'unit-claim',
  /** A machine that was restarted has no units, and its agent knows. */
  'boot-identity',
  /** An agent's journal outlives it. */
  'agent-journal',
  /** A commit is on the disk when it is answered. */
  'synced-commit',
  /** A cluster has one run at a time. */
  'cluster-lock',
  /** A coordinator commits under its own epoch. */
  'store-epoch',
  /** A guarded action looks before it acts. */
  'probe',
] as const;

export type GuardName = (typeof guardNames)[number];

/** The guards that are in place. */
export type Guards = Readonly<Record<GuardName, boolean>>;

/** All of them but one. */
export function guardsWithout(name?: GuardName): Guards {
  return Object.fromEntries(guardNames.map((each) => [each, each !== name])) as Guards;
}
