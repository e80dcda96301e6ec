import { answerTpmCredential as answerWith } from '@drover/core';
import type { TpmAnswer } from '@drover/proto';
import { openTpmCredential } from '../tpm/tpm2-tools.ts';
import type { QueryAction } from './action.ts';
import { tpmAccessOf } from './tpm-access.ts';

const nothing = { idObject: new Uint8Array(), encryptedSecret: new Uint8Array() };

/** Has the TPM open a credential, and answers with what proves that it did. The secret ends with the operation. */
export const answerTpmCredential: QueryAction<'answer-tpm-credential'> = {
  kind: 'query',
  name: 'answer-tpm-credential',
  answer: async (context, { credential, transcript, ...contexts }): Promise<TpmAnswer> => {
    const access = await tpmAccessOf(context);
    const secret = await openTpmCredential(access, { ...contexts, ...(credential ?? nothing) }, context.signal);
    return { answer: Buffer.from(answerWith(secret, transcript)).toString('base64') };
  },
};
