import type { ErrorEntry } from '@drover/core';

/** Why a machine is not let in. */
export const enrollmentErrors = {
  'token-invalid': {
    status: 401,
    grpc: 'UNAUTHENTICATED',
    retryable: false,
    title: 'The enrolment token is not valid',
    remedy: 'Make a new one with `drover token create NODE` and put it on the node.',
  },
  'token-expired': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The enrolment token has expired',
    remedy: 'Make a new one with `drover token create NODE` and put it on the node.',
  },
  'token-reserved': {
    status: 409,
    grpc: 'ABORTED',
    retryable: false,
    title: 'The enrolment token is reserved for another key',
    remedy:
      'Another machine presented it first and has not finished. If that was not yours, delete the token and make a new one.',
  },
  'token-used': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The enrolment token was used before',
    remedy:
      'If it was not you, a machine you do not know may have joined: look at the node. Make a new token for this machine.',
  },
} as const satisfies Record<string, ErrorEntry>;
