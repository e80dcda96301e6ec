import type { ErrorEntry } from '@drover/core';

/** Why a run is not started, or not driven. */
export const runErrors = {
  'preflight-failed': {
    status: 422,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The cluster cannot be brought up as it is',
    remedy: 'Mend every finding of severity error; no machine was changed.',
  },
  'plan-changed': {
    status: 409,
    grpc: 'ABORTED',
    retryable: false,
    title: 'The plan is not the one that was read',
    remedy: 'Read the new plan (`drover plan`) and start the run with its hash.',
  },
  'cluster-unborn': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The cluster has no control plane yet',
    remedy: 'Bring up the whole cluster first (`drover apply`); then single nodes can be worked upon.',
  },
  'control-plane-lost': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The cluster’s control plane is gone',
    remedy:
      'Bring back a control-plane node that still has it, or restore one from a backup of etcd. To give the cluster up and begin an empty one under its name, `drover delete cluster NAME` and apply its file again: nothing does so by itself.',
  },
  'run-under-way': {
    status: 409,
    grpc: 'ABORTED',
    retryable: true,
    title: 'Another run of the cluster is under way',
    remedy: 'Watch it to its end, or cancel it; then start this one.',
  },
  'run-not-under-way': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The run is not under way',
    remedy: 'A run that failed or is blocked goes on with `drover runs retry`; otherwise start another one.',
  },
  'run-superseded': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The cluster has a later run',
    remedy: 'Go on with the later one, or start another: it finds what is done already.',
  },
  'step-not-retryable': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The step cannot be tried again',
    remedy: 'Look at the run (`drover get runs RUN -o yaml`): steps that failed or are blocked can be.',
  },
  'step-not-skippable': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The step cannot be left out',
    remedy:
      'Mend what keeps it from being done and have it tried again (`drover runs retry`): what is done is found done.',
  },
  'run-deadline-passed': {
    status: 504,
    grpc: 'DEADLINE_EXCEEDED',
    retryable: false,
    title: 'The time of the run is over',
    remedy: 'Look what the steps waited for, mend it, and go on with `drover runs retry`.',
  },
  'retries-exhausted': {
    status: 502,
    grpc: 'RESOURCE_EXHAUSTED',
    retryable: false,
    title: 'Too many steps of the run had to be tried again',
    remedy: 'Look for what the failures have in common, mend it, and go on with `drover runs retry`.',
  },
  'idempotency-key-reused': {
    status: 422,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The Idempotency-Key belongs to another request',
    remedy: 'Send a new key with a new request; the same key only repeats the same one.',
  },
  'epoch-superseded': {
    status: 503,
    grpc: 'ABORTED',
    retryable: false,
    title: 'Another coordinator has taken over',
    remedy: 'Use that one; this one does nothing more.',
  },
  'workflow-invalid': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'A workflow does not make a plan',
    remedy: 'Report it with the faults below: the workflow is part of Drover.',
  },
} as const satisfies Record<string, ErrorEntry>;
