// Original file: proto/drover/v1/enrollment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { EnrollmentReply as _drover_v1_EnrollmentReply, EnrollmentReply__Output as _drover_v1_EnrollmentReply__Output } from '../../drover/v1/EnrollmentReply.ts';
import type { EnrollmentRequest as _drover_v1_EnrollmentRequest, EnrollmentRequest__Output as _drover_v1_EnrollmentRequest__Output } from '../../drover/v1/EnrollmentRequest.ts';

/**
 * How a machine becomes a node. Served on a listener of its own (8445), where a stranger gets a challenge and
 * nothing more. One stream per enrolment: hello, challenge, proof, accepted, acknowledgement, completed. A machine that has
 * proved its key and is not let in may be asked one question before it is refused: what it observes of itself.
 */
export interface EnrollmentClient extends grpc.Client {
  Enroll(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_EnrollmentRequest, _drover_v1_EnrollmentReply__Output>;
  Enroll(options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_EnrollmentRequest, _drover_v1_EnrollmentReply__Output>;
  enroll(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_EnrollmentRequest, _drover_v1_EnrollmentReply__Output>;
  enroll(options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_EnrollmentRequest, _drover_v1_EnrollmentReply__Output>;
  
}

/**
 * How a machine becomes a node. Served on a listener of its own (8445), where a stranger gets a challenge and
 * nothing more. One stream per enrolment: hello, challenge, proof, accepted, acknowledgement, completed. A machine that has
 * proved its key and is not let in may be asked one question before it is refused: what it observes of itself.
 */
export interface EnrollmentHandlers extends grpc.UntypedServiceImplementation {
  Enroll: grpc.handleBidiStreamingCall<_drover_v1_EnrollmentRequest__Output, _drover_v1_EnrollmentReply>;
  
}

export interface EnrollmentDefinition extends grpc.ServiceDefinition {
  Enroll: MethodDefinition<_drover_v1_EnrollmentRequest, _drover_v1_EnrollmentReply, _drover_v1_EnrollmentRequest__Output, _drover_v1_EnrollmentReply__Output>
}
