/**
 * Compares two versions as rpm does: below zero, zero or above. Runs of digits compare as numbers, runs of letters as
 * text, a number is newer than a word, a tilde is older than anything, what is left over at the end is newer.
 * Source: rpmvercmp in rpm's rpmio/rpmvercmp.c; https://fedoraproject.org/wiki/Archive:Tools/RPM/VersionComparison
 */
export function compareRpmVersions(a: string, b: string): number {
  const [left, right] = [segments(a), segments(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const order = compareSegments(left[i], right[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function segments(version: string): readonly string[] {
  return version.match(/\d+|[A-Za-z]+|~|\^/g) ?? [];
}

function compareSegments(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  const byMark = rank(a) - rank(b);
  if (byMark !== 0 || a === undefined || b === undefined) return byMark;
  if (rank(a) !== rankOfNumber) return a < b ? -1 : 1;
  const [left, right] = [BigInt(a), BigInt(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

const rankOfNumber = 4;

/** tilde < end < caret < letters < digits. */
function rank(segment: string | undefined): number {
  if (segment === '~') return 0;
  if (segment === undefined) return 1;
  if (segment === '^') return 2;
  return /^\d/.test(segment) ? rankOfNumber : 3;
}
