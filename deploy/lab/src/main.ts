import { messageOf } from '@drover/core';
import { parseCommandLine } from './command-line/parse-command-line.ts';
import { runCommand } from './command-line/run-command.ts';
import { labFromEnvironment } from './lab.ts';
import { LabError } from './lab-error.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // Not `once`: execa re-raises a signal that nobody else listens to any more, and the process would end unheard.
  process.on(signal, () =>
    interrupt.abort(new LabError(`interrupted by ${signal}`, 'The same command goes on where this one stopped.')),
  );
}

try {
  const command = parseCommandLine(process.argv.slice(2));
  process.exitCode = await runCommand(labFromEnvironment(process.env), command, interrupt.signal);
} catch (error) {
  process.exitCode = interrupt.signal.aborted ? 130 : 1;
  const told = interrupt.signal.aborted ? interrupt.signal.reason : error;
  process.stderr.write(`lab: ${messageOf(told)}\n${told instanceof LabError ? `${told.remedy}\n` : ''}`);
}
