import type { ErrorEntry } from '@drover/core';

/** Why a run is not started, or not driven. */
export const runErrors = {
  'preflight-failed': {
    status: 422,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The cluster cannot be brought up as it is',
    remedy: 'Mend every finding of severity error; nothing was changed.',
  },
  'plan-changed': {
    status: 409,
    grpc: 'ABORTED',
    retryable: false,
    title: 'The plan is not the one that was read',
    remedy: 'Read the new plan (`drover plan`) and start the run with its hash.',
  },
  'run-under-way': {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    title: 'Another run of the cluster is under way',
    remedy: 'Watch it to its end, or cancel it; then start this one.',
  },
  'idempotency-key-reused': {
    status: 422,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The Idempotency-Key belongs to another request',
    remedy: 'Send a new key with a new request; the same key only repeats the same one.',
  },
  'epoch-superseded': {
    status: 503,
    grpc: 'ABORTED',
    retryable: false,
    title: 'Another coordinator has taken over',
    remedy: 'Use that one; this one does nothing more.',
  },
  'workflow-invalid': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'A workflow does not make a plan',
    remedy: 'Report it with the faults below: the workflow is part of Drover.',
  },
} as const satisfies Record<string, ErrorEntry>;
