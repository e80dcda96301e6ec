import { parseArgs } from 'node:util';
import { DroverError, messageOf, waitForShutdown } from '@drover/core';
import { startCoordinator } from './compose.ts';
import { readCoordinatorConfig } from './config.ts';
import { version } from './version.ts';

const usage = 'usage: drover-coordinator [--config FILE] [--version]';

try {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: '/etc/drover/coordinator.yaml' },
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(usage);
  else if (values.version) console.log(version);
  else await run(values.config);
} catch (error) {
  console.error(`drover-coordinator: ${messageOf(error)}`);
  if (error instanceof DroverError) for (const line of error.problem.evidence) console.error(`  ${line}`);
  else console.error(usage);
  process.exitCode = 1;
}

async function run(configPath: string): Promise<void> {
  const shutdown = waitForShutdown(process);
  const coordinator = await startCoordinator(await readCoordinatorConfig(configPath), version);
  const failure = await Promise.race([shutdown.then(() => undefined), coordinator.failed]);
  await coordinator.stop();
  // Whoever starts it again (systemd does) gets a whole one.
  if (failure !== undefined) process.exitCode = 1;
}
