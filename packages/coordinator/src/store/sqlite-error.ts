import { type DroverError, messageOf } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import { DamagedRow } from './sqlite-rows.ts';

// SQLite's primary result codes: https://www.sqlite.org/rescode.html
const busy = 5;
const corrupt = 11;
const full = 13;
const notADatabase = 26;

/** Converts what node:sqlite throws; an error that is already ours, or not SQLite's, passes unchanged. */
export function toStoreError(thrown: unknown, path: string, tried: string): unknown {
  if (thrown instanceof DamagedRow) return storeCorrupt(tried, thrown.message, thrown);
  const code = primaryCode(thrown);
  if (code === undefined) return thrown;
  const details = { tried, reason: `${messageOf(thrown)} (SQLite ${code}, ${path})`, cause: thrown };
  switch (code) {
    case busy:
      return dataDirectoryInUse(path, thrown);
    case full:
      return coordinatorErrors.create('store-full', details);
    case corrupt:
    case notADatabase:
      return storeCorrupt(tried, messageOf(thrown), thrown);
    default:
      return coordinatorErrors.create('store-unavailable', details);
  }
}

/** `store-corrupt`, with what was found. */
export function storeCorrupt(tried: string, finding: string, cause?: unknown): DroverError {
  return coordinatorErrors.create('store-corrupt', { tried, reason: finding, cause });
}

function dataDirectoryInUse(path: string, cause: unknown): DroverError {
  return coordinatorErrors.create('data-directory-in-use', {
    tried: `open ${path}`,
    reason: 'another process has it open',
    remedy: `See who holds it (\`fuser -v ${path}\`); stop that coordinator or give this one a data directory of its own.`,
    cause,
  });
}

function primaryCode(thrown: unknown): number | undefined {
  if (!(thrown instanceof Error) || !('errcode' in thrown) || typeof thrown.errcode !== 'number') return undefined;
  // The low byte is the primary code, the rest tells variants apart.
  return thrown.errcode & 0xff;
}
