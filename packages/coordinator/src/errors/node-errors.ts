import type { ErrorEntry } from '@drover/core';

/** What can be the matter with nodes. */
export const nodeErrors = {
  'node-not-connected': {
    status: 409,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'A node is not connected',
    remedy: 'Start drover-agent on it (`systemctl status drover-agent`), then try again.',
  },
  'node-not-enrolled': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'A node is not enrolled',
    remedy:
      'Make a token for it (`drover token create NODE`), put it on the machine as /etc/drover/enrollment-token and start drover-agent there.',
  },
  'adoption-refused': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'No cluster file can be proposed for these nodes',
    remedy: 'Choose nodes of one kubeadm cluster, a control-plane node among them: `drover adopt --name NAME NODE...`.',
  },
  'facts-unusable': {
    status: 502,
    grpc: 'ABORTED',
    retryable: true,
    title: 'A node does not tell its facts',
    remedy: 'Look at the log of drover-agent on the node.',
  },
  'operation-failed': {
    status: 502,
    grpc: 'ABORTED',
    retryable: true,
    title: 'A node could not answer',
    remedy: 'The reason is the node’s own; try again once it is mended.',
  },
  'operation-unanswered': {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: true,
    title: 'The agent did not answer in time',
    remedy: 'Look at the log of drover-agent on the node; the operation may still be running there.',
  },
} as const satisfies Record<string, ErrorEntry>;
