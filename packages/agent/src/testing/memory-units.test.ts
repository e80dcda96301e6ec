import assert from 'node:assert/strict';
import { systemClock } from '@drover/core';
import { createMemoryUnits } from './memory-units.ts';
import { pretendOperation } from './pretend-operation.ts';
import { testUnits } from './units-conformance.ts';

testUnits('in memory', async () => {
  const units = createMemoryUnits({
    clock: systemClock,
    run: (request, reports) => pretendOperation(request, reports, systemClock),
  });
  return {
    open: async () => units.open(),
    kill: async (operationId) => assert.ok(units.kill(operationId)),
    restart: async () => units.restart(),
  };
});
