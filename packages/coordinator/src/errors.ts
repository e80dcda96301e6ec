import { defineErrors } from '@drover/core';
import { enrollmentErrors } from './errors/enrollment-errors.ts';
import { nodeErrors } from './errors/node-errors.ts';
import { rejoinErrors } from './errors/rejoin-errors.ts';
import { requestErrors } from './errors/request-errors.ts';
import { runErrors } from './errors/run-errors.ts';
import { sessionErrors } from './errors/session-errors.ts';
import { startupErrors } from './errors/startup-errors.ts';
import { storeErrors } from './errors/store-errors.ts';

/** Every error a coordinator raises. docs/reference/errors.md is compared with it by a test. */
export const coordinatorErrors = defineErrors({
  ...requestErrors,
  ...nodeErrors,
  ...enrollmentErrors,
  ...sessionErrors,
  ...runErrors,
  ...rejoinErrors,
  ...storeErrors,
  ...startupErrors,
  internal: {
    status: 500,
    grpc: 'INTERNAL',
    retryable: false,
    title: 'The coordinator met a fault of its own',
    remedy: 'Read its log at the time given, and report it with the lines around it.',
  },
});
