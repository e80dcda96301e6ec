/** Which Kubernetes versions a rule holds for, by minor versions as `1.24`. Without an end it has none. */
export interface VersionRange {
  /** The first of them. */
  readonly from?: string;
  /** The first for which it holds no more. */
  readonly before?: string;
}

/** The minor number of a Kubernetes version: 20 of `v1.20.2`, `1.20.2` or `1.20`; undefined for anything else. */
export function minorOf(version: string): number | undefined {
  const minor = /^v?1\.(\d{1,3})(?![\d])/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Whether a rule holds for a Kubernetes version. One that cannot be read is taken for the newest. */
export function isWithin(version: string, { from, before }: VersionRange = {}): boolean {
  const minor = minorOf(version) ?? Number.POSITIVE_INFINITY;
  return minor >= boundary(from, 0) && minor < boundary(before, Number.POSITIVE_INFINITY);
}

/** As people say it: `every version`, `1.24 and later`, `before 1.24`, `1.22 to 1.27`. */
export function describeRange({ from, before }: VersionRange = {}): string {
  if (from === undefined) return before === undefined ? 'every version' : `before ${before}`;
  if (before === undefined) return `${from} and later`;
  const last = `1.${boundary(before, 1) - 1}`;
  return last === from ? from : `${from} to ${last}`;
}

function boundary(version: string | undefined, open: number): number {
  return (version === undefined ? undefined : minorOf(version)) ?? open;
}
