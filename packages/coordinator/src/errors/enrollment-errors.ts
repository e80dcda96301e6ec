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
  'claim-pending': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: true,
    title: 'The machine is not let in yet',
    remedy:
      'Look at it with `drover get claims`, which says what it waits for and what to type. The machine asks again by itself, with the same key.',
  },
  'claim-rejected': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'A person has rejected the machine',
    remedy: 'See `drover audit list` for who did. A new enrolment token lets it make a new claim.',
  },
  'clone-suspected': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The node is alive on another machine',
    remedy:
      'Find the copied machine: stop it, or enrol it as a node of its own. If this one is to be the node, stop the other first.',
  },
  'revert-suspected': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The machine’s disk was set back or copied',
    remedy:
      'Look at it (`drover get claims`), then `drover claims approve` or `drover claims reject` it: approval makes it a new incarnation of the node.',
  },
  'tpm-known': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The machine’s TPM is that of another node',
    remedy:
      'A copied virtual machine has to be given a TPM of its own. A machine that is to change its name: remove the node that it was (`drover delete node`), and forget it (`drover nodes forget`).',
  },
  'claim-decided': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The claim waits for nobody',
    remedy: 'Nothing: see `drover get claims` for what became of it.',
  },
  'claim-silent': {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    title: 'The machine of a claim did not answer',
    remedy:
      'See `drover get claims` for when it asked last: it has to run, and to reach the coordinator. Then try again.',
  },
  'claim-without-node': {
    status: 422,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The claim is of no node',
    remedy: 'Say which new node the machine is to be.',
  },
  'claims-full': {
    status: 503,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: true,
    title: 'Too many unknown machines wait already',
    remedy: 'Reject those that nobody knows: `drover get claims` lists them, `drover claims reject` turns one away.',
  },
} as const satisfies Record<string, ErrorEntry>;
