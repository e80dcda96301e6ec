import type { ErrorEntry } from '@drover/core';

/**
 * Why a guarded action is not begun: a part of the agent's error table. What `blocks` is a person's to decide; the others
 * end by themselves.
 */
export const membershipErrors = {
  'probe-unanswered': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: false,
    blocks: true,
    title: 'What has to be known before going on does not answer',
    remedy: 'Mend what the evidence names, then retry the step: it looks again first, and does nothing twice.',
  },
  'control-plane-partial': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'Part of a control plane is on the node, and Drover did not put it there',
    remedy: 'Find out whose it is; when nobody needs it, run `kubeadm reset` on the node and retry the step.',
  },
  'control-plane-lost': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'The control plane that Drover made on this node is gone',
    remedy:
      'Restore etcd from a backup. Only for a new, empty cluster in its place: remove membership.json from the agent’s state directory, then retry the step.',
  },
  'join-partial': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'Part of a join is on the node, and Drover did not begin it',
    remedy: 'Find out whose it is; when nobody needs it, run `kubeadm reset` on the node and retry the step.',
  },
  'foreign-cluster': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'The node belongs to another cluster',
    remedy:
      'Take it out of that cluster first (drain, delete the Node, `kubeadm reset`); Drover never wipes what is not its own.',
  },
  'membership-refused': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    blocks: true,
    title: 'The cluster does not accept the node’s credentials',
    remedy:
      'They have expired, or the cluster’s CA was replaced: run `kubeadm reset` on the node, then retry the step to join it anew.',
  },
  'etcd-unanswered': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'etcd does not answer',
    remedy: 'Look at the etcd container on the control-plane node, and whether most members of its cluster run.',
  },
  'kubeadm-running': {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    title: 'kubeadm is running on the node already',
    remedy: 'Wait until it has ended; Drover tries again by itself.',
  },
} as const satisfies Record<string, ErrorEntry>;

type Table = typeof membershipErrors;

/** The codes with which a step is blocked until a person has looked. */
export type BlockingCode = {
  [Code in keyof Table]: Table[Code] extends { readonly blocks: true } ? Code : never;
}[keyof Table];

/** The codes of what is waited for, since it ends by itself. */
export type PassingCode = Exclude<keyof Table, BlockingCode>;
