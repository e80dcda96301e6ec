import type { Clock, Endpoint, Logger } from '@drover/core';
import { loadContract } from '@drover/proto/contract';
import type { Enrollment } from '../enrollment/enrollment.ts';
import type { Identity } from '../identity/identity.ts';
import type { Sessions } from '../sessions/node-sessions.ts';
import { createEnrollmentService } from './enrollment-service.ts';
import { openListener } from './listener.ts';
import { createSessionService } from './session-service.ts';

/** What the listeners serve, and where. */
export interface GrpcOptions {
  readonly enrollment: Enrollment;
  readonly sessions: Sessions;
  readonly identity: Identity;
  readonly listen: { readonly enrollment: Endpoint; readonly session: Endpoint };
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The two listeners for agents. */
export interface GrpcListeners {
  readonly enrollmentPort: number;
  readonly sessionPort: number;
  /** Closes both. Call `sessions.close()` before: then agents are told why. */
  close(): Promise<void>;
}

const kibibyte = 1024;

/** Nothing an enrolment sends comes near this. */
const enrollmentMessageBytes = 16 * kibibyte;
/** An answer may be a whole facts document. */
const sessionMessageBytes = 4096 * kibibyte;

/** Opens the enrolment listener (to strangers) and the session listener (mutual TLS). Throws `port-in-use`. */
export async function serveGrpc(options: GrpcOptions): Promise<GrpcListeners> {
  const { identity, listen, clock, logger } = options;
  const contract = loadContract();
  const session = await openListener({
    purpose: 'node sessions',
    address: listen.session,
    identity: identity.server,
    clientCa: identity.authority.certificate,
    maximumConnections: 8192,
    serverOptions: {
      'grpc.max_receive_message_length': sessionMessageBytes,
      'grpc.max_concurrent_streams': 2,
      'grpc.max_connection_idle_ms': 30_000,
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
    },
    addServices: (server) =>
      server.addService(contract.Session.service, createSessionService(options.sessions, logger)),
  });
  const enrollment = await openListener({
    purpose: 'enrolment',
    address: listen.enrollment,
    identity: identity.server,
    maximumConnections: 256,
    serverOptions: {
      'grpc.max_receive_message_length': enrollmentMessageBytes,
      'grpc.max_concurrent_streams': 1,
      'grpc.max_connection_idle_ms': 10_000,
      'grpc.max_connection_age_ms': 60_000,
    },
    addServices: (server) =>
      server.addService(contract.Enrollment.service, createEnrollmentService(options.enrollment, clock, logger)),
  }).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });
  return {
    enrollmentPort: enrollment.port,
    sessionPort: session.port,
    close: async () => {
      await Promise.all([session.close(), enrollment.close()]);
    },
  };
}
