import type { ErrorEntry } from '@drover/core';

/** Why an agent’s session is refused or ended. */
export const sessionErrors = {
  'node-removed': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The coordinator does not know this node',
    remedy:
      'It was removed, or belongs to another coordinator. `drover nodes readmit` takes a removed one back; otherwise make a token for it.',
  },
  'identity-superseded': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The node has a newer incarnation',
    remedy: 'Another enrolment took this node over. If this machine is the right one, make a new token for it.',
  },
  'key-mismatch': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The key is not the one on record for the node',
    remedy: 'The certificate may have been copied. If this machine is the right one, make a new token for it.',
  },
  'session-exists': {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    retryable: true,
    title: 'The node is connected already',
    remedy: 'Another agent with the same identity is alive: find the copied machine and enrol it as a node of its own.',
  },
  'protocol-violated': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The agent does not keep to the protocol',
    remedy: 'Install the agent of the same release as the coordinator.',
  },
  'coordinator-superseded': {
    status: 503,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'Another coordinator has been at work with these nodes',
    remedy:
      'This one runs on a restored backup or a copy, or a copy of it has taken over. Stop it where the other one runs; where that is gone for good, confirm this one with `drover coordinator confirm`.',
  },
  'coordinator-not-superseded': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'There is nothing to confirm',
    remedy: 'Nothing: no node has shown that another coordinator was at work.',
  },
  'epoch-not-shown': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'Another epoch was shown',
    remedy: 'Read `drover status`, think again, and confirm the epoch that it names.',
  },
  'coordinator-stopping': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'The coordinator is stopping',
    remedy: 'Nothing: agents connect again by themselves once it is back.',
  },
} as const satisfies Record<string, ErrorEntry>;
