import { readTpmKeys } from '../tpm/tpm2-tools.ts';
import type { QueryAction } from './action.ts';
import { tpmAccessOf } from './tpm-access.ts';

/** Answers with the keys by which the machine's TPM is known. */
export const readTpm: QueryAction<'read-tpm'> = {
  kind: 'query',
  name: 'read-tpm',
  answer: async (context) => await readTpmKeys(await tpmAccessOf(context), context.signal),
};
