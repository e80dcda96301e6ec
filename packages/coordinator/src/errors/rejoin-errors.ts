import type { ErrorEntry } from '@drover/core';

/** Why a node that was installed anew does not become a member again by itself. */
export const rejoinErrors = {
  'membership-change-running': {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    title: 'Another change of etcd’s members is under way',
    remedy: 'Wait until the learner that the evidence names votes, or has been removed.',
  },
  'etcd-alarm': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'etcd has raised an alarm',
    remedy: 'Mend its cause (space, or a corrupt member) and disarm it; then `drover nodes retry NODE`.',
  },
  'etcd-unanswered': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'etcd has no quorum',
    remedy:
      'Switch the control-plane nodes on that are off, and look at etcd on the others; where too few of them have their disk, restore etcd as docs/guides/restore-control-plane.md says. A rejoin that is blocked by it goes on with `drover nodes retry NODE`.',
  },
  'etcd-quorum-at-risk': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'Without this member etcd would have no quorum',
    remedy:
      'Bring the other members back first; where that cannot be done, restore etcd as docs/guides/restore-control-plane.md says. Then `drover nodes retry NODE`.',
  },
  'clock-skewed': {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    title: 'The clock of a machine is not set yet',
    remedy:
      'Set it and keep it set: `systemctl enable --now chronyd`. A rejoin waits for it for two minutes; after that it goes on with `drover nodes retry NODE`.',
  },
  'rejoin-failed': {
    status: 409,
    grpc: 'ABORTED',
    retryable: false,
    title: 'The run that was to bring the node back did not succeed',
    remedy:
      'Mend what the run names and go on with it (`drover runs retry`), or begin anew with `drover nodes retry NODE`.',
  },
  'rejoin-unverified': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The cluster does not show the node as the machine that it is now',
    remedy: 'Compare the Node object in the evidence with the machine; then `drover nodes retry NODE`.',
  },
  'rejoin-under-way': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: true,
    title: 'The rejoin is under way',
    remedy: 'Wait for its end (`drover get nodes`); only one that is blocked can be tried again.',
  },
} as const satisfies Record<string, ErrorEntry>;
