import type { ErrorEntry } from '@drover/core';

/** Why a coordinator does not start. */
export const startupErrors = {
  'config-invalid': {
    status: 500,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The configuration has faults',
    remedy: 'Mend every fault listed and start the coordinator again.',
  },
  'config-unreadable': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The configuration file cannot be read',
    remedy: 'Check the path given with --config and the permissions of the file.',
  },
  'admin-token-unusable': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The API’s token cannot be read',
    remedy: 'Mend the file, or remove it: a new token is made at the next start.',
  },
  'ca-unusable': {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The certificate authority cannot be used',
    remedy:
      'Put the ca.key and ca.crt of this coordinator back from its backup; a new CA would lock every enrolled node out.',
  },
  'port-in-use': {
    status: 500,
    grpc: 'UNAVAILABLE',
    retryable: false,
    title: 'A port cannot be listened on',
    remedy: 'Stop what listens there, or give this listener another address in coordinator.yaml.',
  },
} as const satisfies Record<string, ErrorEntry>;
