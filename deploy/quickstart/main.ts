// npm start: a real cluster on this machine, or with --simulated one that is played; --down takes either away again.
// With --cluster FILE, the hosts are those that the file names: deploy/examples/ha-lab.yaml has three control-plane nodes.
// With --simulated, --pace stretches what the played commands take, and --again starts what of it was killed.
import { parseArgs } from 'node:util';
import { describeFailure } from './describe-failure.ts';
import { runLabQuickstart, takeLabDown } from './lab-quickstart.ts';
import { restartSimulation, runSimulatedQuickstart, takeSimulationDown } from './simulated-quickstart.ts';

const interruption = new AbortController();
process.on('SIGINT', () => interruption.abort(new Error('interrupted')));
process.on('SIGTERM', () => interruption.abort(new Error('ended')));

try {
  await start(readOptions(), interruption.signal);
} catch (error) {
  // What an interrupt breaks off fails in its own words: the interrupt is the reason.
  const { aborted, reason } = interruption.signal;
  process.stderr.write(describeFailure(aborted ? reason : error));
  process.exitCode = aborted ? 130 : 1;
}
// A terminal's interrupt reaches commands under way too; whatever still holds the event loop would only delay the end.
process.exit();

interface StartOptions {
  readonly simulated: boolean;
  readonly down: boolean;
  readonly again: boolean;
  /** A cluster file for hosts of the lab. */
  readonly cluster: string | undefined;
  /** Factor on what the simulated commands take. */
  readonly pace: number;
}

/** Throws, with the usage, when an option is not one. */
function readOptions(): StartOptions {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      ...{ simulated: flag, down: flag, again: flag },
      pace: { type: 'string', default: '1' },
      cluster: { type: 'string' },
    },
  });
  const pace = Number(values.pace);
  if (!(pace >= 0 && pace <= 1_000)) throw new Error(`--pace ${values.pace}: it is a number from 0 to 1000`);
  if (!values.simulated && (values.again || pace !== 1)) throw new Error('--pace and --again are for --simulated');
  if (values.simulated && values.cluster !== undefined) throw new Error('--cluster is for hosts of the lab');
  return { ...values, pace, cluster: values.cluster };
}

async function start({ simulated, down, again, pace, cluster }: StartOptions, signal: AbortSignal): Promise<void> {
  if (!simulated) return await (down ? takeLabDown() : runLabQuickstart({ cluster, signal }));
  if (down) return await takeSimulationDown();
  if (again) return await restartSimulation(signal);
  return await runSimulatedQuickstart(pace, signal);
}
