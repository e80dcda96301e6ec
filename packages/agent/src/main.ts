import { parseArgs } from 'node:util';
import { DroverError, messageOf, waitForShutdown } from '@drover/core';
import { agentVersion, composeAgent } from './compose.ts';
import { readAgentConfig } from './config.ts';

const usage = 'usage: drover-agent [--config FILE] [--version]';

try {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: '/etc/drover/agent.yaml' },
      version: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(usage);
  else if (values.version) console.log(agentVersion);
  else await run(values.config);
} catch (error) {
  console.error(`drover-agent: ${messageOf(error)}`);
  if (error instanceof DroverError) for (const line of error.problem.evidence) console.error(`  ${line}`);
  else console.error(usage);
  process.exitCode = 1;
}

async function run(configPath: string): Promise<void> {
  const agent = await composeAgent(await readAgentConfig(configPath), process.env['CREDENTIALS_DIRECTORY']);
  const stop = new AbortController();
  const running = agent.run(stop.signal);
  await Promise.race([waitForShutdown(process), running]);
  stop.abort(new Error('the agent was asked to stop'));
  await running;
}
