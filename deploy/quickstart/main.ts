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
  // What an interrupt breaks off fails in its own words: the interrupt is the reason.
  const { aborted, reason } = interruption.signal;
  process.stderr.write(describeFailure(aborted ? reason : error));
  process.exitCode = aborted ? 130 : 1;
}
// A terminal's interrupt reaches commands under way too; whatever still holds the event loop would only delay the end.
process.exit();
