// Original file: proto/drover/v1/enrollment.proto

import type { TpmCredential as _drover_v1_TpmCredential, TpmCredential__Output as _drover_v1_TpmCredential__Output } from '../../drover/v1/TpmCredential.ts';

export interface EnrollmentChallenge {
  'coordinatorNonce'?: (Buffer | Uint8Array | string);
  /**
   * For the keys that the hello shows, whoever they are; absent where it shows none that can be used.
   */
  'tpmCredential'?: (_drover_v1_TpmCredential | null);
}

export interface EnrollmentChallenge__Output {
  'coordinatorNonce': (Buffer);
  /**
   * For the keys that the hello shows, whoever they are; absent where it shows none that can be used.
   */
  'tpmCredential': (_drover_v1_TpmCredential__Output | null);
}
