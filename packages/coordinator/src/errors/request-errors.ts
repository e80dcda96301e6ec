import type { ErrorEntry } from '@drover/core';

/** What callers of the API may be told about their requests. */
export const requestErrors = {
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
  'body-too-large': {
    status: 413,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: false,
    title: 'The request is too large',
    remedy: 'Send less; a cluster file with its manifest has to fit the limit given.',
  },
  'media-type-unsupported': {
    status: 415,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The request’s media type is not understood',
    remedy: 'Send application/json, or application/yaml for a cluster file.',
  },
  'cluster-exists': {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    retryable: false,
    title: 'The cluster exists',
    remedy: 'Change it with PUT (`drover apply`), or give the new one another name.',
  },
  'node-in-use': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'A node is in use',
    remedy: 'Take it out of the cluster file that names it, or delete that cluster.',
  },
} as const satisfies Record<string, ErrorEntry>;
