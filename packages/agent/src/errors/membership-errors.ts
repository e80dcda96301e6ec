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
  'etcd-member-listed': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'etcd still lists a member of this node',
    remedy:
      'Remove the member that the evidence names first: a node that joined in its place would vote with an empty memory.',
  },
  'etcd-member-mismatch': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'The etcd member is not the one that is meant',
    remedy: 'Compare the list of members in the evidence with the node that is to go.',
  },
  'etcd-quorum-at-risk': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'Without this member etcd would have no quorum',
    remedy: 'Bring the other members back first; where that cannot be done, restore etcd from a snapshot.',
  },
  'etcd-alarm': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'etcd has raised an alarm',
    remedy: 'Mend its cause (space, or a corrupt member), disarm it, then retry the step.',
  },
  'node-object-replaced': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'The Node of that name is another one than the one that is to go',
    remedy:
      'It was made anew meanwhile, and is left alone. Start the workflow again: it plans with the Node that is there.',
  },
  'upgrade-refused': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    blocks: true,
    title: 'The node cannot be upgraded to this version from where it is',
    remedy: 'The reason names what has to come first.',
  },
  'membership-change-running': {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    title: 'Another change of etcd’s members is under way',
    remedy: 'Wait until the learner that the evidence names votes, or has been removed.',
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
