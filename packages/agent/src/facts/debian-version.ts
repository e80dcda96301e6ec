/**
 * Compares two versions as dpkg does: below zero, zero or above. The epoch counts first, then the upstream version, then the
 * revision; in each, runs without digits and runs of digits take turns, letters come before other characters, and a tilde
 * before everything, the end included. Source: deb-version(7), "Sorting algorithm".
 */
export function compareDebianVersions(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return (
    compareNumbers(left.epoch, right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

/**
 * The version that the software's authors gave it: without epoch, without what follows the first hyphen, and without the `~3`
 * by which Docker counts its packages of one release. `5:20.10.7~3-0~debian-bullseye` is 20.10.7 (its revision, by dpkg's
 * rule of the last hyphen, would be just "bullseye"), and `1.31.0~rc.1-1.1` is not 1.31.0.
 */
export function upstreamVersion(version: string): string {
  return version.replace(/^\d+:/, '').replace(/-.*$/, '').replace(/~\d+$/, '');
}

/** Whether an installed or offered version is the one that is asked for: in full, without its epoch, or upstream’s own. */
export function isVersion(version: string, wanted: string): boolean {
  return version === wanted || version.replace(/^\d+:/, '') === wanted || upstreamVersion(version) === wanted;
}

function split(version: string) {
  const { epoch = '0', rest = '' } = /^(?:(?<epoch>\d+):)?(?<rest>.*)$/.exec(version)?.groups ?? {};
  const at = rest.lastIndexOf('-');
  return at === -1
    ? { epoch, upstream: rest, revision: '' }
    : { epoch, upstream: rest.slice(0, at), revision: rest.slice(at + 1) };
}

function compareParts(a: string, b: string): number {
  const [left, right] = [runs(a), runs(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i += 1) {
    const [x = { text: '', number: '' }, y = { text: '', number: '' }] = [left[i], right[i]];
    const order = compareTexts(x.text, y.text) || compareNumbers(x.number, y.number);
    if (order !== 0) return order;
  }
  return 0;
}

function runs(part: string) {
  return [...part.matchAll(/(?<text>\D*)(?<number>\d*)/g)].map(([, text = '', number = '']) => ({ text, number }));
}

function compareTexts(a: string, b: string): number {
  for (let i = 0; i < Math.max(a.length, b.length); i += 1) {
    const order = weight(a[i]) - weight(b[i]);
    if (order !== 0) return order;
  }
  return 0;
}

function weight(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  const code = character.charCodeAt(0);
  return /[A-Za-z]/.test(character) ? code : code + 256;
}

/** No digits count as zero. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [BigInt(a || '0'), BigInt(b || '0')];
  return left === right ? 0 : left < right ? -1 : 1;
}
