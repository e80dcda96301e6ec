import { defineErrors } from '@drover/core';

/** Every error the client raises itself; the coordinator's arrive as problems with codes of their own. */
export const cliErrors = defineErrors({
  'coordinator-unknown': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'It is not said which coordinator to talk to',
    remedy:
      'After a quick start, type the line `export DROVER_CONFIG=…` that it printed. Otherwise give --server, --token-file and --ca-file, or set DROVER_SERVER, DROVER_TOKEN_FILE and DROVER_CA_FILE, or write server, tokenFile and caFile into the configuration file.',
  },
  'coordinator-unreachable': {
    status: 503,
    grpc: 'UNAVAILABLE',
    retryable: true,
    title: 'The coordinator does not answer',
    remedy: 'Check that it runs and that the address and the CA file are its own.',
  },
  'answer-invalid': {
    status: 502,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The coordinator’s answer is not understood',
    remedy: 'Check that the address is a Drover coordinator’s of the same version.',
  },
  'file-unreadable': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'A file cannot be read',
    remedy: 'Check the path and the permissions.',
  },
  'file-unwritable': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'A file cannot be written',
    remedy: 'Check the path, the permissions and the free space.',
  },
  'configuration-invalid': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The configuration file has faults',
    remedy: 'Mend every fault listed; the keys are server, tokenFile and caFile.',
  },
  'usage-invalid': {
    status: 400,
    grpc: 'INVALID_ARGUMENT',
    retryable: false,
    title: 'The command line has a fault',
    remedy: 'See `drover COMMAND --help`.',
  },
  'plan-changed': {
    status: 409,
    grpc: 'ABORTED',
    retryable: false,
    title: 'The plan is not the one that was read',
    remedy: 'Read the new one with `drover plan`, then apply it with its hash; nothing was stored.',
  },
});
