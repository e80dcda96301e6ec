// Original file: proto/drover/v1/enrollment.proto

import type { EnrollmentChallenge as _drover_v1_EnrollmentChallenge, EnrollmentChallenge__Output as _drover_v1_EnrollmentChallenge__Output } from '../../drover/v1/EnrollmentChallenge.ts';
import type { EnrollmentAccepted as _drover_v1_EnrollmentAccepted, EnrollmentAccepted__Output as _drover_v1_EnrollmentAccepted__Output } from '../../drover/v1/EnrollmentAccepted.ts';
import type { EnrollmentCompleted as _drover_v1_EnrollmentCompleted, EnrollmentCompleted__Output as _drover_v1_EnrollmentCompleted__Output } from '../../drover/v1/EnrollmentCompleted.ts';
import type { FactsWanted as _drover_v1_FactsWanted, FactsWanted__Output as _drover_v1_FactsWanted__Output } from '../../drover/v1/FactsWanted.ts';

export interface EnrollmentReply {
  'challenge'?: (_drover_v1_EnrollmentChallenge | null);
  'accepted'?: (_drover_v1_EnrollmentAccepted | null);
  'completed'?: (_drover_v1_EnrollmentCompleted | null);
  'factsWanted'?: (_drover_v1_FactsWanted | null);
  'message'?: "challenge"|"accepted"|"completed"|"factsWanted";
}

export interface EnrollmentReply__Output {
  'challenge'?: (_drover_v1_EnrollmentChallenge__Output | null);
  'accepted'?: (_drover_v1_EnrollmentAccepted__Output | null);
  'completed'?: (_drover_v1_EnrollmentCompleted__Output | null);
  'factsWanted'?: (_drover_v1_FactsWanted__Output | null);
  'message'?: "challenge"|"accepted"|"completed"|"factsWanted";
}
