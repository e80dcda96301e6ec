import { defineErrors } from '@drover/core';

/** Every error a coordinator raises. docs/reference/errors.md is compared with it by a test. */
export const coordinatorErrors = defineErrors({
  'input-invalid': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The input has faults',
    remedy: 'Mend every fault listed and send it again; nothing was changed.',
  },
  unauthenticated: {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    retryable: false,
    title: 'The caller is not known',
    remedy: 'Send the bearer token of this coordinator; `drover` reads it from DROVER_TOKEN_FILE.',
  },
  'not-found': {
    status: 404,
    grpc: 'NOT_FOUND',
    retryable: false,
    title: 'There is no such thing',
    remedy: 'List what there is and check the name.',
  },
  'node-not-connected': {
    status: 409,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'A node is not connected',
    remedy: 'Start drover-agent on it (`systemctl status drover-agent`), then try again.',
  },
  internal: {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The coordinator met a fault of its own',
    remedy: 'Read its log at the time given, and report it with the lines around it.',
  },
  'store-full': {
    status: 507,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: true,
    title: 'The coordinator’s disk is full',
    remedy: 'Free space where the coordinator’s data directory lies; runs go on by themselves.',
  },
  'store-unavailable': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'The coordinator’s store cannot be used',
    remedy: 'Check the file system of the data directory: mounted, writable, without errors in the kernel’s log.',
  },
  'store-corrupt': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The coordinator’s store is damaged',
    remedy: 'Keep the file for examination and put the last backup in its place; clusters keep running meanwhile.',
  },
  'store-too-new': {
    status: 500,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The store was written by a later version of Drover',
    remedy: 'Start the coordinator of that version or a later one.',
  },
  'data-directory-in-use': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The data directory is in use',
    remedy: 'Stop the coordinator that has it open, or give this one a data directory of its own.',
  },
  'revision-compacted': {
    status: 410,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The history asked for is no longer kept',
    remedy: 'List what there is now and watch from there.',
  },
});
