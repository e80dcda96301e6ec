// Original file: proto/drover/v1/enrollment.proto

import type { MachineAccount as _drover_v1_MachineAccount, MachineAccount__Output as _drover_v1_MachineAccount__Output } from '../../drover/v1/MachineAccount.ts';
import type { TpmShown as _drover_v1_TpmShown, TpmShown__Output as _drover_v1_TpmShown__Output } from '../../drover/v1/TpmShown.ts';

export interface EnrollmentHello {
  /**
   * The public part of the token; the secret never crosses the wire. Empty from a node whose certificate has expired (it
   * is known by its key, and gets a new certificate for the same incarnation) and from one that asks to be recognised.
   */
  'tokenId'?: (string);
  /**
   * The agent's P-256 key, SubjectPublicKeyInfo in DER.
   */
  'publicKey'?: (Buffer | Uint8Array | string);
  'agentNonce'?: (Buffer | Uint8Array | string);
  'agentVersion'?: (string);
  /**
   * Absent where the machine could not look at itself.
   */
  'account'?: (_drover_v1_MachineAccount | null);
  /**
   * The key of the identity that this machine had until now and wants to leave for a new one, SubjectPublicKeyInfo in DER;
   * empty where it had none.
   */
  'previousPublicKey'?: (Buffer | Uint8Array | string);
  /**
   * There is neither a token nor a known key: the machine asks to be recognised, which takes a person.
   */
  'asksRecognition'?: (boolean);
  /**
   * Absent where the machine has none.
   */
  'tpm'?: (_drover_v1_TpmShown | null);
}

export interface EnrollmentHello__Output {
  /**
   * The public part of the token; the secret never crosses the wire. Empty from a node whose certificate has expired (it
   * is known by its key, and gets a new certificate for the same incarnation) and from one that asks to be recognised.
   */
  'tokenId': (string);
  /**
   * The agent's P-256 key, SubjectPublicKeyInfo in DER.
   */
  'publicKey': (Buffer);
  'agentNonce': (Buffer);
  'agentVersion': (string);
  /**
   * Absent where the machine could not look at itself.
   */
  'account': (_drover_v1_MachineAccount__Output | null);
  /**
   * The key of the identity that this machine had until now and wants to leave for a new one, SubjectPublicKeyInfo in DER;
   * empty where it had none.
   */
  'previousPublicKey': (Buffer);
  /**
   * There is neither a token nor a known key: the machine asks to be recognised, which takes a person.
   */
  'asksRecognition': (boolean);
  /**
   * Absent where the machine has none.
   */
  'tpm': (_drover_v1_TpmShown__Output | null);
}
