import { InvalidArgumentError } from 'commander';

/** A whole number of minutes on the command line. */
export function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes > 0) return minutes;
  throw new InvalidArgumentError('It is a whole number of minutes.');
}
