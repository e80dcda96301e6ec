import type { ErrorEntry } from '@drover/core';

/** What can go wrong with an operation as such, whatever it does: a part of the agent's error table. */
export const operationErrors = {
  'operation-timed-out': {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    title: 'A step did not end in time',
    remedy: 'Read its last lines for what it waited for; run again.',
  },
  'operation-cancelled': {
    status: 409,
    grpc: 'CANCELLED',
    retryable: false,
    title: 'A step was cancelled',
    remedy: 'Start the run again when wanted: it goes on from what the node shows.',
  },
  'operation-interrupted': {
    status: 503,
    grpc: 'ABORTED',
    retryable: true,
    title: 'A step was interrupted, and what it did is not known',
    remedy: 'Nothing: the next attempt looks at the node first and goes on from there.',
  },
  'journal-unwritable': {
    status: 507,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: true,
    title: 'The agent cannot write its journal',
    remedy: 'Check free space and mount options of its state directory; nothing was started.',
  },
  'journal-damaged': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    blocks: true,
    title: 'The agent’s record of a step is damaged',
    remedy:
      'Look on the node what the step did, and at the disk that damaged the record; then retry the step or skip it.',
  },
  'unit-not-started': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'The process that would have done a step did not start',
    remedy: 'Nothing of the step has happened. Check memory and free space of /run on the node; run again.',
  },
  'unit-exists': {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    retryable: true,
    title: 'A process of that name is there already',
    remedy: 'Nothing: it does the step, or the next attempt finds its name free.',
  },
} as const satisfies Record<string, ErrorEntry>;
