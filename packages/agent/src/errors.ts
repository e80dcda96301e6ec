import { defineErrors } from '@drover/core';

/** Every error an agent raises. docs/reference/errors.md is compared with it by a test. */
export const agentErrors = defineErrors({
  'command-not-found': {
    status: 422,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'A program is not installed',
    remedy: 'Install the package that carries it, or run the step before this one again.',
  },
  'command-failed': {
    status: 502,
    grpc: 'ABORTED',
    retryable: true,
    title: 'A command failed',
    remedy: 'Read its last lines below; run again once the cause is mended.',
  },
  'command-timed-out': {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    title: 'A command did not end in time',
    remedy: 'Look at what it waits for on the node; run again.',
  },
  'file-unreadable': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'A file cannot be read',
    remedy: 'Check the file system and the permissions on the node.',
  },
  'file-unwritable': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: true,
    title: 'A file cannot be written',
    remedy: 'Check free space and mount options on the node, then run again.',
  },
  'still-not-satisfied': {
    status: 502,
    grpc: 'ABORTED',
    retryable: true,
    title: 'The change was made and did not take effect',
    remedy: 'Something on the node undoes it; the evidence names what is still different.',
  },
});
