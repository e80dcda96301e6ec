import { join } from 'node:path';

/**
 * Where a unit and the agent meet: a folder on tmpfs, for root alone. The unit takes what lies in `in` by renaming it into
 * `taken`, which only one can do; it stops taking by removing `in`, which fails while something lies there.
 */
export interface UnitFolder {
  readonly name: string;
  readonly path: string;
  /** What the unit has to know of its agent. */
  readonly settings: string;
  /** Requests and cancellations that the unit has not taken. Gone once the unit takes nothing any more. */
  readonly in: string;
  /** Requests that it works on. */
  readonly taken: string;
  /** What operations say, a file for each. */
  readonly out: string;
  /** Where operations may have files of their own, a folder for each. */
  readonly work: string;
}

/** The folder of a unit in the place of all units. Nothing is made. */
export function unitFolder(place: string, name: string): UnitFolder {
  const path = join(place, name);
  return {
    name,
    path,
    settings: join(path, 'settings.json'),
    in: join(path, 'in'),
    taken: join(path, 'taken'),
    out: join(path, 'out'),
    work: join(path, 'work'),
  };
}

const requestSuffix = '.json';
const cancellationSuffix = '.cancel';
const spoolSuffix = '.ndjson';

/** The names of an operation's files. */
export const fileNames = {
  request: (operationId: string): string => `${operationId}${requestSuffix}`,
  cancellation: (operationId: string): string => `${operationId}${cancellationSuffix}`,
  spool: (operationId: string): string => `${operationId}${spoolSuffix}`,
  /** The operation whose request, cancellation or spool has this name; undefined when it is none's. */
  operation: (name: string): string | undefined => /^([A-Za-z0-9-]{1,64})\.(json|cancel|ndjson)$/.exec(name)?.[1],
  isRequest: (name: string): boolean => name.endsWith(requestSuffix),
};
