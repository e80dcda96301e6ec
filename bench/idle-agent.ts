import { gatherFacts } from '../packages/agent/src/facts/gather.ts';
import { createLinuxHost } from '../packages/agent/src/host/linux-host.ts';
import { createMachineGlance } from '../packages/agent/src/watch/machine-glance.ts';
import { systemClock } from '../packages/core/src/clock.ts';
import type { Benchmark } from './benchmark.ts';

/** A sweep every 20 seconds. */
const glancesInAnHour = 180;

/** What it costs this machine to be watched for an hour in which nothing happens, in processor time of the process that watches. */
export const idleAgentBenchmark: Benchmark = {
  name: 'idle-agent',
  run: async () => {
    const glance = createMachineGlance({ root: '/', groups: '/proc/self/cgroup' });
    const gather = async () =>
      await gatherFacts({ host: createLinuxHost(), clock: systemClock, signal: new AbortController().signal });
    await glance.take();
    const glances = await processorMs(async () => {
      for (let count = 0; count < glancesInAnHour; count += 1) await glance.take();
    });
    const gathering = await processorMs(gather);
    return [
      { what: `${glancesInAnHour} glances, an hour of them`, value: glances, unit: 'ms of a processor' },
      { what: 'gathering facts once, without its commands', value: gathering, unit: 'ms of a processor' },
    ];
  },
};

async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
