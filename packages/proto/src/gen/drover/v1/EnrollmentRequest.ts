// Original file: proto/drover/v1/enrollment.proto

import type { EnrollmentHello as _drover_v1_EnrollmentHello, EnrollmentHello__Output as _drover_v1_EnrollmentHello__Output } from '../../drover/v1/EnrollmentHello.ts';
import type { EnrollmentProof as _drover_v1_EnrollmentProof, EnrollmentProof__Output as _drover_v1_EnrollmentProof__Output } from '../../drover/v1/EnrollmentProof.ts';
import type { EnrollmentAcknowledgement as _drover_v1_EnrollmentAcknowledgement, EnrollmentAcknowledgement__Output as _drover_v1_EnrollmentAcknowledgement__Output } from '../../drover/v1/EnrollmentAcknowledgement.ts';
import type { FactsShown as _drover_v1_FactsShown, FactsShown__Output as _drover_v1_FactsShown__Output } from '../../drover/v1/FactsShown.ts';

export interface EnrollmentRequest {
  'hello'?: (_drover_v1_EnrollmentHello | null);
  'proof'?: (_drover_v1_EnrollmentProof | null);
  'acknowledgement'?: (_drover_v1_EnrollmentAcknowledgement | null);
  'facts'?: (_drover_v1_FactsShown | null);
  'message'?: "hello"|"proof"|"acknowledgement"|"facts";
}

export interface EnrollmentRequest__Output {
  'hello'?: (_drover_v1_EnrollmentHello__Output | null);
  'proof'?: (_drover_v1_EnrollmentProof__Output | null);
  'acknowledgement'?: (_drover_v1_EnrollmentAcknowledgement__Output | null);
  'facts'?: (_drover_v1_FactsShown__Output | null);
  'message'?: "hello"|"proof"|"acknowledgement"|"facts";
}
