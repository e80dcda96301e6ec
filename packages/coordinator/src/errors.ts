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
});
