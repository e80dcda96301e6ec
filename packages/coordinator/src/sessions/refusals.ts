import type { DroverError, Problem } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';

/** Why a session does not begin, or ends: what the agent is told. */
export const refusals = {
  occupied: (node: string): DroverError =>
    coordinatorErrors.create('session-exists', {
      tried: 'open a session',
      node,
      reason: 'an agent with this identity is connected and answers',
    }),
  replaced: (node: string): DroverError =>
    coordinatorErrors.create('session-exists', {
      tried: 'keep the session',
      node,
      reason: 'it did not answer, and a newer session of the node took its place',
    }),
  revert: (node: string, reason: string): DroverError =>
    coordinatorErrors.create('revert-suspected', { tried: 'open a session', node, reason }),
  superseded: (node: string, reason: string): DroverError =>
    coordinatorErrors.create('identity-superseded', { tried: 'keep the session', node, reason }),
  removed: (node: string): DroverError =>
    coordinatorErrors.create('node-removed', { tried: 'keep the session', node, reason: 'someone removed the node' }),
  violated: (reason: string): DroverError =>
    coordinatorErrors.create('protocol-violated', { tried: 'serve a session', reason }),
  notInCharge: ({ reason, remedy }: Problem): DroverError =>
    coordinatorErrors.create('coordinator-superseded', { tried: 'keep the session', reason, remedy }),
  stopping: (): DroverError =>
    coordinatorErrors.create('coordinator-stopping', { tried: 'keep the session', reason: 'it was asked to stop' }),
} as const;
