/*
 * Identifiers that many machines share, since nobody wrote them. They are taken for absent.
 */

/**
 * Product uuids. All zeros and all ones mean "not present" and "not set" (SMBIOS reference specification, DMTF DSP0134,
 * section 7.2.1; the pattern below has both). The others were left in by makers of boards and are on thousands of machines,
 * in either byte order: the first two are counted bytes, the third is AMI's default with a MAC's place empty.
 */
const junkUuids: ReadonlySet<string> = new Set([
  '03000200-0400-0500-0006-000700080009',
  '00020003-0004-0005-0006-000700080009',
  '03020100-0504-0706-0809-0a0b0c0d0e0f',
  '00010203-0405-0607-0809-0a0b0c0d0e0f',
  '12345678-1234-5678-90ab-cddeefaabbcc',
]);

/**
 * Serial numbers, without case, spaces and punctuation. After the lists by which Linux leaves out meaningless DMI names
 * (sound/soc/soc-core.c, `dmi_blacklist`) and systemd does (hwdb.d/20-dmi-id.hwdb), and what dmidecode writes for a string
 * that is not there ("Not Specified").
 */
const junkSerials: ReadonlySet<string> = new Set([
  '',
  'baseboardserialnumber',
  'boardserialnumber',
  'chassisserialnumber',
  'default',
  'defaultstring',
  'empty',
  'invalid',
  'na',
  'none',
  'notapplicable',
  'notavailable',
  'notprovided',
  'notspecified',
  'null',
  'oem',
  'serial',
  'serialnumber',
  'systemserialnumber',
  'tbd',
  'tbdbyoem',
  'tobefilledbyoem',
  'unknown',
  'unspecified',
  '0123456789',
  '123456789',
  '1234567890',
]);

const uuidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const macForm = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/;
const longestSerial = 128;

/** The uuid in small letters; undefined when it is none, or one that nobody chose. */
export function usableUuid(text: string): string | undefined {
  const uuid = text.trim().toLowerCase();
  if (!uuidForm.test(uuid) || junkUuids.has(uuid)) return undefined;
  return isOneCharacter(uuid.replaceAll('-', '')) || /^(.{2})\1+$/.test(uuid.replaceAll('-', '')) ? undefined : uuid;
}

/** The serial number as it was written; undefined when nobody wrote it. */
export function usableSerial(text: string): string | undefined {
  const serial = text.trim();
  const letters = serial.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (serial.length > longestSerial || junkSerials.has(letters) || isOneCharacter(letters)) return undefined;
  return serial;
}

/** The address in small letters; undefined for none, for a group's (IEEE 802: the first octet's lowest bit), for zeros. */
export function usableMac(text: string): string | undefined {
  const mac = text.trim().toLowerCase();
  if (!macForm.test(mac) || mac === '00:00:00:00:00:00') return undefined;
  const isGroup = (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
  return isGroup ? undefined : mac;
}

function isOneCharacter(text: string): boolean {
  return new Set(text).size <= 1;
}
