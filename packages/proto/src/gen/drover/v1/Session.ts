// Original file: proto/drover/v1/session.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AgentFrame as _drover_v1_AgentFrame, AgentFrame__Output as _drover_v1_AgentFrame__Output } from '../../drover/v1/AgentFrame.ts';
import type { CoordinatorFrame as _drover_v1_CoordinatorFrame, CoordinatorFrame__Output as _drover_v1_CoordinatorFrame__Output } from '../../drover/v1/CoordinatorFrame.ts';

/**
 * The agent's one connection to its coordinator, over mutual TLS (8444). The agent dials; requests come down the stream.
 */
export interface SessionClient extends grpc.Client {
  Connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_AgentFrame, _drover_v1_CoordinatorFrame__Output>;
  Connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_AgentFrame, _drover_v1_CoordinatorFrame__Output>;
  connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_AgentFrame, _drover_v1_CoordinatorFrame__Output>;
  connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_drover_v1_AgentFrame, _drover_v1_CoordinatorFrame__Output>;
  
}

/**
 * The agent's one connection to its coordinator, over mutual TLS (8444). The agent dials; requests come down the stream.
 */
export interface SessionHandlers extends grpc.UntypedServiceImplementation {
  Connect: grpc.handleBidiStreamingCall<_drover_v1_AgentFrame__Output, _drover_v1_CoordinatorFrame>;
  
}

export interface SessionDefinition extends grpc.ServiceDefinition {
  Connect: MethodDefinition<_drover_v1_AgentFrame, _drover_v1_CoordinatorFrame, _drover_v1_AgentFrame__Output, _drover_v1_CoordinatorFrame__Output>
}
