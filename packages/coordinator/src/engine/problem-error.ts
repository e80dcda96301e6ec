import { DroverError, type Problem } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';

/** A problem that was noted earlier, as the error that it was. A code of another table is answered as a fault of ours. */
export function problemError({ code, ...details }: Problem): DroverError {
  const entry = isKnown(code) ? coordinatorErrors.table[code] : coordinatorErrors.table.internal;
  return new DroverError(code, entry, details);
}

function isKnown(code: string): code is keyof typeof coordinatorErrors.table {
  return Object.hasOwn(coordinatorErrors.table, code);
}
