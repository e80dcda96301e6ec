import type { CoordinatorMark } from '@drover/core';
import { agentErrors } from '../errors.ts';

/**
 * An agent obeys the newest coordinator that it knows, and none before it: throws `coordinator-superseded` when a mark is
 * older than the newest one, or of another start with the same epoch.
 */
export function requireNewerMark(mark: CoordinatorMark, newest: CoordinatorMark): void {
  if (mark.epoch > newest.epoch) return;
  if (mark.epoch < newest.epoch) throw superseded(`its epoch is ${mark.epoch}, and this node has seen ${newest.epoch}`);
  if (mark.coordinatorId !== newest.coordinatorId)
    throw superseded(`its epoch ${mark.epoch} belongs to another instance, ${newest.coordinatorId}`);
  if (mark.revision < newest.revision)
    throw superseded(`it is at revision ${mark.revision}, and this node has seen it at ${newest.revision}`);
}

function superseded(reason: string) {
  return agentErrors.create('coordinator-superseded', { tried: 'obey the coordinator', reason });
}
