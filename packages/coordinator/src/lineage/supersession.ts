import type { CoordinatorMark } from '@drover/core';

/** What proved that another coordinator has been at work. Stored at `superseded` until an administrator confirms. */
export interface Supersession {
  /** The node that showed the mark, by its name; by its id where this coordinator knows no such node. */
  readonly node: string;
  /** The mark with the highest epoch of those that were shown. */
  readonly shown: CoordinatorMark;
  /** Why the mark is not one of this coordinator's. */
  readonly parting: string;
  /** ISO 8601. */
  readonly provedAt: string;
}

/** Where it is kept. */
export const supersessionKey = 'superseded';

/** The supersession under a store's key, where there is one. */
export function readSupersession(value: unknown): Supersession | undefined {
  // Whatever is under the key was written from a Supersession.
  return value as Supersession | undefined;
}
