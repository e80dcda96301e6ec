import { crc32 } from 'node:zlib';

/** What a row is to hold: over its key, its revision and its value (null where a key was deleted). */
export function rowChecksum(key: string, revision: number, value: string | null): number {
  const head = crc32(`${key}\0${revision}\0${value === null ? 'deleted' : 'put'}\0`);
  return value === null ? head : crc32(value, head);
}

/** What the store as a whole is to hold: after so many commits so many entries, whose checksums have this sum. */
export interface StoreState {
  readonly revision: number;
  readonly entries: number;
  readonly checksums: number;
}

/** Over all that a state says. */
export function stateChecksum({ revision, entries, checksums }: StoreState): number {
  return crc32(`${revision}\0${entries}\0${checksums}`);
}
