// Original file: proto/drover/v1/session.proto

import type { SessionWelcome as _drover_v1_SessionWelcome, SessionWelcome__Output as _drover_v1_SessionWelcome__Output } from '../../drover/v1/SessionWelcome.ts';
import type { Heartbeat as _drover_v1_Heartbeat, Heartbeat__Output as _drover_v1_Heartbeat__Output } from '../../drover/v1/Heartbeat.ts';
import type { ActionRequest as _drover_v1_ActionRequest, ActionRequest__Output as _drover_v1_ActionRequest__Output } from '../../drover/v1/ActionRequest.ts';
import type { AttachOperation as _drover_v1_AttachOperation, AttachOperation__Output as _drover_v1_AttachOperation__Output } from '../../drover/v1/AttachOperation.ts';
import type { CancelOperation as _drover_v1_CancelOperation, CancelOperation__Output as _drover_v1_CancelOperation__Output } from '../../drover/v1/CancelOperation.ts';
import type { ResultAcknowledged as _drover_v1_ResultAcknowledged, ResultAcknowledged__Output as _drover_v1_ResultAcknowledged__Output } from '../../drover/v1/ResultAcknowledged.ts';
import type { CertificateIssued as _drover_v1_CertificateIssued, CertificateIssued__Output as _drover_v1_CertificateIssued__Output } from '../../drover/v1/CertificateIssued.ts';
import type { CoordinatorMark as _drover_v1_CoordinatorMark, CoordinatorMark__Output as _drover_v1_CoordinatorMark__Output } from '../../drover/v1/CoordinatorMark.ts';

export interface CoordinatorFrame {
  /**
   * The coordinator's incarnation: +1 at each of its starts. An agent refuses a lower one than the highest it has seen.
   */
  'epoch'?: (number);
  'welcome'?: (_drover_v1_SessionWelcome | null);
  'heartbeat'?: (_drover_v1_Heartbeat | null);
  'request'?: (_drover_v1_ActionRequest | null);
  'attach'?: (_drover_v1_AttachOperation | null);
  'cancel'?: (_drover_v1_CancelOperation | null);
  'acknowledged'?: (_drover_v1_ResultAcknowledged | null);
  'certificate'?: (_drover_v1_CertificateIssued | null);
  /**
   * Sent along with heartbeats when it has changed.
   */
  'mark'?: (_drover_v1_CoordinatorMark | null);
  'frame'?: "welcome"|"heartbeat"|"request"|"attach"|"cancel"|"acknowledged"|"certificate"|"mark";
}

export interface CoordinatorFrame__Output {
  /**
   * The coordinator's incarnation: +1 at each of its starts. An agent refuses a lower one than the highest it has seen.
   */
  'epoch': (number);
  'welcome'?: (_drover_v1_SessionWelcome__Output | null);
  'heartbeat'?: (_drover_v1_Heartbeat__Output | null);
  'request'?: (_drover_v1_ActionRequest__Output | null);
  'attach'?: (_drover_v1_AttachOperation__Output | null);
  'cancel'?: (_drover_v1_CancelOperation__Output | null);
  'acknowledged'?: (_drover_v1_ResultAcknowledged__Output | null);
  'certificate'?: (_drover_v1_CertificateIssued__Output | null);
  /**
   * Sent along with heartbeats when it has changed.
   */
  'mark'?: (_drover_v1_CoordinatorMark__Output | null);
  'frame'?: "welcome"|"heartbeat"|"request"|"attach"|"cancel"|"acknowledged"|"certificate"|"mark";
}
