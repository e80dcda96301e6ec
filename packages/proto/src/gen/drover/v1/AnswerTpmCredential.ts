// Original file: proto/drover/v1/actions.proto

import type { TpmCredential as _drover_v1_TpmCredential, TpmCredential__Output as _drover_v1_TpmCredential__Output } from '../../drover/v1/TpmCredential.ts';

/**
 * query. Has the TPM open a credential, and answers with the TpmAnswer document: what it held never leaves the node.
 */
export interface AnswerTpmCredential {
  /**
   * As ReadTpm has told them, so that a slow TPM does not make its keys anew; where they are empty it does.
   */
  'endorsementContext'?: (Buffer | Uint8Array | string);
  'attestationContext'?: (Buffer | Uint8Array | string);
  'credential'?: (_drover_v1_TpmCredential | null);
  /**
   * What is answered about.
   */
  'transcript'?: (Buffer | Uint8Array | string);
}

/**
 * query. Has the TPM open a credential, and answers with the TpmAnswer document: what it held never leaves the node.
 */
export interface AnswerTpmCredential__Output {
  /**
   * As ReadTpm has told them, so that a slow TPM does not make its keys anew; where they are empty it does.
   */
  'endorsementContext': (Buffer);
  'attestationContext': (Buffer);
  'credential': (_drover_v1_TpmCredential__Output | null);
  /**
   * What is answered about.
   */
  'transcript': (Buffer);
}
