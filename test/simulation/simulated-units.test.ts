import { createUnitReports } from '@drover/agent/simulation';
import { pretendOperation, testUnits } from '@drover/agent/testing/units';
import { guardsWithout } from './guards.ts';
import { MortalProcess } from './mortal-process.ts';
import { Observer } from './observer.ts';
import { createRandom } from './random.ts';
import { SimulatedUnits } from './simulated-units.ts';
import { beginningMs } from './surroundings.ts';
import { VirtualTime } from './virtual-time.ts';

testUnits('simulated', async (t) => {
  const time = new VirtualTime(beginningMs);
  const units = new SimulatedUnits({
    ...{ nodeName: 'worker-1', time, random: createRandom('units'), guards: guardsWithout() },
    observer: new Observer(() => time.now),
    run: async (unit, request, say, signal) => {
      const reports = createUnitReports(unit.clock, say, signal);
      say({ kind: 'ended', result: await pretendOperation(request, reports, unit.clock) });
    },
    cleanUp: () => undefined,
    clockOffsetMs: () => 0,
    onTransition: () => undefined,
  });
  let isOver = false;
  t.after(() => {
    isOver = true;
  });
  // Never rejects; ends with the test, which waits for what units say and for nothing else.
  void passTime();
  return {
    open: async () => units.port(new MortalProcess('agent', time)),
    kill: async () => {
      for (const unit of units.running) unit.kill();
    },
    restart: async () => units.reboot(),
  };

  async function passTime(): Promise<void> {
    while (!isOver) await time.passUntil(time.now + 10);
  }
});
