import { DroverError } from '@drover/core';

/** What a change comes to; undefined where nothing can be written, for changes that nobody has to wait for. */
export async function unlessUnwritable<Result>(change: Promise<Result>): Promise<Result | undefined> {
  try {
    return await change;
  } catch (error) {
    if (error instanceof DroverError && (error.code === 'store-full' || error.code === 'store-unavailable'))
      return undefined;
    throw error;
  }
}
