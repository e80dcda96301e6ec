import type { ErrorEntry } from '@drover/core';

/** What can go wrong between an agent and its coordinator: a part of the agent's error table. */
export const sessionErrors = {
  'identity-unusable': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The identity of this node cannot be used',
    remedy: 'Make a new token for the node and put it into the enrolment token file.',
  },
  'token-malformed': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The enrolment token file does not hold a token',
    remedy: 'Copy the whole token again, as `drover token create` showed it.',
  },
  'ca-pin-mismatch': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The coordinator is not the one that made the token',
    remedy:
      'Check the address of the coordinator, or make a new token there. Someone between the two may be listening.',
  },
  'coordinator-unreachable': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'The coordinator cannot be reached',
    remedy: 'Check that it runs, that its address in agent.yaml is right, and that no firewall is between.',
  },
  'clock-wrong': {
    status: 422,
    grpc: 'FAILED_PRECONDITION',
    retryable: true,
    title: 'The machine’s clock and the coordinator’s do not agree',
    remedy:
      'Set this machine’s clock, and keep it set (`systemctl enable --now chronyd`); where it is right, the coordinator’s is wrong. The agent tries again by itself.',
  },
  'coordinator-refused': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: false,
    title: 'The coordinator refuses this node',
    remedy: 'Read the coordinator’s log.',
  },
  'coordinator-superseded': {
    status: 409,
    grpc: 'FAILED_PRECONDITION',
    retryable: false,
    title: 'The coordinator is older than one this node has obeyed',
    remedy: 'A restored backup or a copy is running: stop it, and start the coordinator with its latest data.',
  },
  'coordinator-unproven': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: true,
    title: 'The coordinator does not prove which one it is',
    remedy: 'Install a coordinator of the same release as the agent, or a later one.',
  },
  'session-lost': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'The session with the coordinator ended',
    remedy: 'Nothing: the agent connects again by itself.',
  },
  'sealed-for-another': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: true,
    title: 'The credentials are not sealed to this node',
    remedy: 'Run the step again: credentials are made anew for the node that asks.',
  },
  'recipient-untrusted': {
    status: 403,
    grpc: 'PERMISSION_DENIED',
    retryable: true,
    title: 'The recipient of a secret is not trusted',
    remedy:
      'Its certificate has to come from this coordinator’s CA and name exactly that node; let the node connect again, then run the step again.',
  },
  'tpm-unusable': {
    status: 422,
    grpc: 'FAILED_PRECONDITION',
    retryable: true,
    title: 'The machine’s TPM cannot be used',
    remedy:
      'Install tpm2-tools 4 or later, and look whether `tpm2_createek -c /tmp/ek` works as root. Without its TPM the machine is known by the other evidence.',
  },
  'action-unknown': {
    status: 400,
    grpc: 'UNIMPLEMENTED',
    retryable: false,
    title: 'The agent does not know the action',
    remedy: 'Install the agent of the same release as the coordinator.',
  },
  'agent-already-running': {
    status: 409,
    grpc: 'ALREADY_EXISTS',
    retryable: true,
    title: 'Another agent of this node is running',
    remedy: 'Stop one of the two: an agent has its state directory for itself.',
  },
  'config-invalid': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The configuration file has faults',
    remedy: 'Mend every fault listed, then start the agent again.',
  },
} as const satisfies Record<string, ErrorEntry>;
