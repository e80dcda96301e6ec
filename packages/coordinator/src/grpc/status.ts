import { DroverError, type Logger, messageOf } from '@drover/core';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { coordinatorErrors } from '../errors.ts';

/** Trailing metadata in which an error's problem travels, as JSON. */
export const problemMetadataKey = 'drover-problem-bin';

/** Peers refuse trailers of more than 8 KiB: evidence beyond this is left out. */
const maximumProblemBytes = 4096;

/** An error as gRPC carries it. What is not a DroverError is a fault of ours: logged, and told without details. */
export function toServiceError(error: unknown, logger: Logger): ServiceError {
  const raised = error instanceof DroverError ? error : internal(error, logger);
  const metadata = new Metadata();
  metadata.set(problemMetadataKey, Buffer.from(encodeProblem(raised)));
  const code = status[raised.entry.grpc];
  return Object.assign(new Error(raised.message), { code, details: raised.problem.title, metadata });
}

function encodeProblem({ problem }: DroverError): string {
  const whole = JSON.stringify(problem);
  return whole.length <= maximumProblemBytes ? whole : JSON.stringify({ ...problem, evidence: [], faults: [] });
}

function internal(error: unknown, logger: Logger): DroverError {
  logger.error(
    { error: messageOf(error), stack: error instanceof Error ? error.stack : undefined },
    'gRPC call failed',
  );
  return coordinatorErrors.create('internal', { tried: 'answer the agent', reason: 'it met an unexpected error' });
}
