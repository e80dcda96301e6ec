import type { JournalEntry } from './journal.ts';
import { ownOperationPrefix } from './operation-units.ts';
import { type OperationsOptions, TrackedOperation } from './tracked-operation.ts';
import { unknownOutcomes } from './unknown-outcome.ts';

/**
 * The operations of earlier lives of the agent, in the order in which they ended, those under way last: what a unit has
 * is adopted, what never began is dropped, and of the rest the journal says that its outcome is not known. Throws
 * `journal-unwritable`.
 */
export async function recoverOperations(options: OperationsOptions): Promise<readonly TrackedOperation[]> {
  const { journal, units } = options;
  const listed = new Set(await units.list());
  const operations: TrackedOperation[] = [];
  for (const entry of await journal.load()) {
    const operation = await recoverJournalled(options, entry, listed.delete(entry.operationId));
    if (operation !== undefined) operations.push(operation);
  }
  for (const operationId of listed) {
    const operation = await recoverUnjournalled(options, operationId);
    if (operation !== undefined) operations.push(operation);
  }
  return operations.toSorted((a, b) => endOf(a) - endOf(b));
}

/** Undefined when nothing of it has happened: the coordinator may send it again under its id. */
async function recoverJournalled(
  options: OperationsOptions,
  { operationId, path, record }: JournalEntry,
  isListed: boolean,
): Promise<TrackedOperation | undefined> {
  const { journal, units, clock, bootId, logger } = options;
  const identity = { operationId, action: record?.action ?? ('unknown' as const), isJournalled: true };
  const operation = new TrackedOperation(options, identity);
  switch (record?.state) {
    case 'accepted':
      // It would have been `started` before a unit could have it.
      await journal.remove(operationId);
      return undefined;
    case 'started': {
      if (units.placeId !== record.placeId) {
        const what =
          record.bootId === bootId ? 'the agent’s runtime directory was emptied' : 'the machine was restarted';
        const times = [record.startedAt, clock.now()] as const;
        await operation.end(unknownOutcomes.interrupted(record, `${what} while it ran`, times));
        return operation;
      }
      if (await operation.adopt()) return operation;
      await journal.remove(operationId);
      return undefined;
    }
    case 'finished':
    case 'acknowledged':
      await operation.keep(record.result, { isListed, isAcknowledged: record.state === 'acknowledged' });
      return operation;
    case undefined:
      logger.error({ operationId, path }, 'journal record damaged');
      if (!(await operation.adopt())) await operation.end(unknownOutcomes.damaged(operationId, path, clock.now()));
      return operation;
  }
}

async function recoverUnjournalled(
  options: OperationsOptions,
  operationId: string,
): Promise<TrackedOperation | undefined> {
  const operation = new TrackedOperation(options, { operationId, action: 'unknown', isJournalled: false });
  const isOwn = operationId.startsWith(ownOperationPrefix);
  if (!isOwn && (await operation.adopt())) return operation;
  await operation.forgetSpool();
  return undefined;
}

function endOf({ live }: TrackedOperation): number {
  return live.result?.finishedAt ?? Number.POSITIVE_INFINITY;
}
