// npm start: a real cluster on this machine, or with --simulated one that is played; --down takes either away again.
import { parseArgs } from 'node:util';
import { describeFailure } from './describe-failure.ts';
import { runLabQuickstart, takeLabDown } from './lab-quickstart.ts';
import { runSimulatedQuickstart, takeSimulationDown } from './simulated-quickstart.ts';

const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort(new Error('interrupted; npm start goes on where it was')));
process.on('SIGTERM', () => interruption.abort(new Error('ended; npm start goes on where it was')));

try {
  const { values } = parseArgs({ options: { simulated: { type: 'boolean' }, down: { type: 'boolean' } } });
  const run = values.simulated
    ? values.down
      ? takeSimulationDown
      : runSimulatedQuickstart
    : values.down
      ? takeLabDown
      : runLabQuickstart;
  await run(interruption.signal);
} catch (error) {
  process.stderr.write(describeFailure(error));
  process.exitCode = 1;
}
// A terminal's interrupt reaches commands under way too; whatever still holds the event loop would only delay the end.
process.exit();
