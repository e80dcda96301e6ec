import type { DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';

type Kind = 'claim' | 'cluster' | 'fleet token' | 'node' | 'removed node' | 'run' | 'token';

/** What a route throws for a name that leads nowhere. */
export function notFound(kind: Kind, name: string): DroverError {
  return coordinatorErrors.create('not-found', {
    tried: `find the ${kind} ${name}`,
    reason: `no ${kind} is called ${name}`,
  });
}
