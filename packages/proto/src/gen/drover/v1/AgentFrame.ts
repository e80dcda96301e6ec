// Original file: proto/drover/v1/session.proto

import type { SessionHello as _drover_v1_SessionHello, SessionHello__Output as _drover_v1_SessionHello__Output } from '../../drover/v1/SessionHello.ts';
import type { Heartbeat as _drover_v1_Heartbeat, Heartbeat__Output as _drover_v1_Heartbeat__Output } from '../../drover/v1/Heartbeat.ts';
import type { OperationAccepted as _drover_v1_OperationAccepted, OperationAccepted__Output as _drover_v1_OperationAccepted__Output } from '../../drover/v1/OperationAccepted.ts';
import type { OperationProgress as _drover_v1_OperationProgress, OperationProgress__Output as _drover_v1_OperationProgress__Output } from '../../drover/v1/OperationProgress.ts';
import type { OperationLogLine as _drover_v1_OperationLogLine, OperationLogLine__Output as _drover_v1_OperationLogLine__Output } from '../../drover/v1/OperationLogLine.ts';
import type { OperationResult as _drover_v1_OperationResult, OperationResult__Output as _drover_v1_OperationResult__Output } from '../../drover/v1/OperationResult.ts';
import type { OperationUnknown as _drover_v1_OperationUnknown, OperationUnknown__Output as _drover_v1_OperationUnknown__Output } from '../../drover/v1/OperationUnknown.ts';
import type { CertificateRequest as _drover_v1_CertificateRequest, CertificateRequest__Output as _drover_v1_CertificateRequest__Output } from '../../drover/v1/CertificateRequest.ts';
import type { SequenceKept as _drover_v1_SequenceKept, SequenceKept__Output as _drover_v1_SequenceKept__Output } from '../../drover/v1/SequenceKept.ts';
import type { FactsChange as _drover_v1_FactsChange, FactsChange__Output as _drover_v1_FactsChange__Output } from '../../drover/v1/FactsChange.ts';

export interface AgentFrame {
  'hello'?: (_drover_v1_SessionHello | null);
  'heartbeat'?: (_drover_v1_Heartbeat | null);
  'accepted'?: (_drover_v1_OperationAccepted | null);
  'progress'?: (_drover_v1_OperationProgress | null);
  'logLine'?: (_drover_v1_OperationLogLine | null);
  'result'?: (_drover_v1_OperationResult | null);
  'unknown'?: (_drover_v1_OperationUnknown | null);
  'certificateRequest'?: (_drover_v1_CertificateRequest | null);
  'sequenceKept'?: (_drover_v1_SequenceKept | null);
  'factsChange'?: (_drover_v1_FactsChange | null);
  'frame'?: "hello"|"heartbeat"|"accepted"|"progress"|"logLine"|"result"|"unknown"|"certificateRequest"|"sequenceKept"|"factsChange";
}

export interface AgentFrame__Output {
  'hello'?: (_drover_v1_SessionHello__Output | null);
  'heartbeat'?: (_drover_v1_Heartbeat__Output | null);
  'accepted'?: (_drover_v1_OperationAccepted__Output | null);
  'progress'?: (_drover_v1_OperationProgress__Output | null);
  'logLine'?: (_drover_v1_OperationLogLine__Output | null);
  'result'?: (_drover_v1_OperationResult__Output | null);
  'unknown'?: (_drover_v1_OperationUnknown__Output | null);
  'certificateRequest'?: (_drover_v1_CertificateRequest__Output | null);
  'sequenceKept'?: (_drover_v1_SequenceKept__Output | null);
  'factsChange'?: (_drover_v1_FactsChange__Output | null);
  'frame'?: "hello"|"heartbeat"|"accepted"|"progress"|"logLine"|"result"|"unknown"|"certificateRequest"|"sequenceKept"|"factsChange";
}
