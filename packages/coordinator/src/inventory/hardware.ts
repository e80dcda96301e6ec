import { usableMac, usableSerial, usableUuid } from './junk-identifiers.ts';

/** What a machine says of the hardware that it is, without what can be nobody's. It finds a slot, and authorises nothing. */
export interface Hardware {
  /** Of SMBIOS, in small letters. */
  readonly productUuid?: string;
  readonly boardSerial?: string;
  /** Of network interfaces that are devices, in small letters; sorted. */
  readonly macs: readonly string[];
}

/** Whether two accounts are of one machine, and by what that is known. */
export interface HardwareMatch {
  readonly kind: 'same' | 'other' | 'unknown';
  /** A clause: "the product uuid is the recorded one". */
  readonly reason: string;
}

/** An account as a machine gives it: empty where it knows nothing. */
export interface ShownHardware {
  readonly productUuid: string;
  readonly boardSerial: string;
  readonly macs: readonly string[];
}

const mostMacs = 64;

/** Takes out what never identifies a machine. */
export function readHardware({ productUuid, boardSerial, macs }: ShownHardware): Hardware {
  const uuid = usableUuid(productUuid);
  const serial = usableSerial(boardSerial);
  const addresses = macs.slice(0, mostMacs).flatMap((mac) => usableMac(mac) ?? []);
  return {
    ...(uuid === undefined ? {} : { productUuid: uuid }),
    ...(serial === undefined ? {} : { boardSerial: serial }),
    macs: [...new Set(addresses)].toSorted(),
  };
}

/**
 * Compares what is recorded of a slot with what a machine shows. The board's words count before those of its network
 * interfaces, which are exchanged more easily; what only one side knows says nothing.
 */
export function compareHardware(recorded: Hardware | undefined, shown: Hardware): HardwareMatch {
  if (recorded === undefined) return { kind: 'unknown', reason: 'nothing is recorded of its hardware' };
  const uuid = compare(recorded.productUuid, shown.productUuid, isSameUuid);
  const serial = compare(recorded.boardSerial, shown.boardSerial, (left, right) => left === right);
  const told = (what: string, own: string | undefined, other: string | undefined): HardwareMatch => ({
    kind: 'other',
    reason: `the ${what} is ${other}, and ${own} is recorded`,
  });
  if (uuid === 'other') return told('product uuid', recorded.productUuid, shown.productUuid);
  if (serial === 'other') return told('board serial', recorded.boardSerial, shown.boardSerial);
  if (uuid === 'same') return { kind: 'same', reason: 'the product uuid is the recorded one' };
  if (serial === 'same') return { kind: 'same', reason: 'the board serial is the recorded one' };
  return compareMacs(recorded.macs, shown.macs);
}

function compareMacs(recorded: readonly string[], shown: readonly string[]): HardwareMatch {
  if (recorded.length === 0 || shown.length === 0)
    return { kind: 'unknown', reason: 'the machine shows nothing that could be compared' };
  const common = recorded.filter((mac) => shown.includes(mac));
  if (common.length > 0)
    return { kind: 'same', reason: `the network interface ${common.join(', ')} is a recorded one` };
  return {
    kind: 'other',
    reason: `its network interfaces are ${shown.join(', ')}, and ${recorded.join(', ')} are recorded`,
  };
}

function compare(
  recorded: string | undefined,
  shown: string | undefined,
  isSame: (left: string, right: string) => boolean,
): 'same' | 'other' | 'unknown' {
  if (recorded === undefined || shown === undefined) return 'unknown';
  return isSame(recorded, shown) ? 'same' : 'other';
}

/**
 * Firmware and kernels disagree on the byte order of a uuid's first three fields (SMBIOS 2.6 made them little-endian,
 * DSP0134 section 7.2.1): one machine may show both forms, before and after a kernel's upgrade.
 */
function isSameUuid(left: string, right: string): boolean {
  return left === right || left === swapByteOrder(right);
}

function swapByteOrder(uuid: string): string {
  const [first = '', second = '', third = '', ...rest] = uuid.split('-');
  const reversed = [first, second, third].map((field) => (field.match(/../g) ?? []).toReversed().join(''));
  return [...reversed, ...rest].join('-');
}
