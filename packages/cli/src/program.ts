import { Command } from 'commander';
import { applyCommand } from './commands/apply.ts';
import { commandRunner } from './commands/command.ts';
import { factsCommand, getCommand } from './commands/get.ts';
import { kubeconfigCommand } from './commands/kubeconfig.ts';
import { planCommand } from './commands/plan.ts';
import { runCommands } from './commands/runs.ts';
import { tokenCommand } from './commands/token.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

/** `drover` with all its commands. `exit` is told each command's exit code. */
export function createProgram(io: Io, exit: (code: ExitCode) => void): Command {
  const run = commandRunner(io, exit);
  const program = new Command('drover')
    .description('Drives plain Linux machines into a Kubernetes cluster. Talks to a coordinator’s REST API.')
    .version('0.1.0')
    .showHelpAfterError('(see drover COMMAND --help)');
  const commands = [
    tokenCommand(run),
    planCommand(run),
    applyCommand(run),
    ...runCommands(run),
    getCommand(run),
    factsCommand(run),
    kubeconfigCommand(run),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}
