import { ManualClock, silentLogger } from '@drover/core';
import type { OperationResult } from '@drover/proto';
import { createOperations } from '../operations/create-operations.ts';
import { openJournal } from '../operations/journal.ts';
import { outcomes } from '../operations/operation-outcome.ts';
import type { OperationRequest } from '../operations/operations.ts';
import type { OperationReports } from '../operations/run-operation.ts';
import type { OperationsOptions } from '../operations/tracked-operation.ts';
import { createMemoryUnits } from './memory-units.ts';

/** A request to change something. */
export const change: OperationRequest = {
  operationId: 'op-1',
  mode: 'RUN',
  timeoutMs: 1000,
  call: { name: 'set-hostname', params: { hostname: 'worker-1' } },
};
/** A request to look. */
export const inspection: OperationRequest = { ...change, operationId: 'op-inspect', mode: 'INSPECT' };
/** A request for a secret. */
export const mint: OperationRequest = {
  operationId: 'op-mint',
  mode: 'RUN',
  timeoutMs: 1000,
  call: { name: 'mint-kubeconfig', params: { recipientPublicKey: Buffer.alloc(0), server: '' } },
};

/** The result of an operation that changed something. */
export function completion(operationId: string): OperationResult {
  return { operationId, ...outcomes.completion(true, []), startedAt: 1, finishedAt: 2, commandMs: 0 };
}

interface Run {
  readonly request: OperationRequest;
  readonly reports: OperationReports;
  readonly end: (result: OperationResult) => void;
}

/** A machine whose units count their runs and end them when the test says so. */
export function createMachine() {
  const clock = new ManualClock(1000);
  const runs: Run[] = [];
  const units = createMemoryUnits({
    clock,
    run: (request, reports) => new Promise((end) => runs.push({ request, reports, end })),
  });
  /** The nth run that was started, once it is. */
  const run = async (index: number): Promise<Run> => {
    for (;;) {
      const found = runs[index];
      if (found !== undefined) return found;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { clock, units, runs, run };
}

/** One life of an agent's operations, on a disk and a machine that it may share with earlier ones. */
export async function openOperations(
  path: string,
  machine: ReturnType<typeof createMachine>,
  overrides: Partial<OperationsOptions> = {},
) {
  const operations = await createOperations({
    journal: await openJournal(path),
    units: machine.units.open(),
    clock: machine.clock,
    logger: silentLogger(),
    bootId: 'boot-1',
    ...overrides,
  });
  return { path, machine, operations, runs: machine.runs, run: machine.run };
}
