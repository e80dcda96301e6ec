import { Command } from 'commander';
import { adoptCommand } from './commands/adopt.ts';
import { applyCommand } from './commands/apply.ts';
import { auditCommand } from './commands/audit.ts';
import { claimsCommand } from './commands/claims.ts';
import { commandRunner, offlineRunner } from './commands/command.ts';
import { coordinatorCommand } from './commands/coordinator.ts';
import { deleteCommand } from './commands/delete.ts';
import { driftCommand } from './commands/drift.ts';
import { enrollCommand } from './commands/enroll.ts';
import { fleetCommand } from './commands/fleet.ts';
import { factsCommand, getCommand } from './commands/get.ts';
import { kubeconfigCommand } from './commands/kubeconfig.ts';
import { logsCommand } from './commands/logs.ts';
import { nodesCommand } from './commands/nodes.ts';
import { planCommand } from './commands/plan.ts';
import { reachabilityCommand } from './commands/reachability.ts';
import { runsCommand } from './commands/run-control.ts';
import { runCommands } from './commands/runs.ts';
import { statusCommand } from './commands/status.ts';
import { tokenCommand } from './commands/token.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';

/** `drover` with all its commands. `exit` is told each command's exit code. */
export function createProgram(io: Io, exit: (code: ExitCode) => void): Command {
  const run = commandRunner(io, exit);
  const program = new Command('drover')
    .description('Drives plain Linux machines into a Kubernetes cluster. Talks to a coordinator’s REST API.')
    .version('0.1.0')
    .addHelpText('after', examples);
  const commands = [
    tokenCommand(run),
    fleetCommand(run),
    enrollCommand(run),
    adoptCommand(run),
    planCommand(run),
    reachabilityCommand(run),
    applyCommand(run),
    ...runCommands(run),
    runsCommand(run),
    logsCommand(run),
    getCommand(run),
    statusCommand(run),
    driftCommand(run),
    claimsCommand(run),
    nodesCommand(run),
    coordinatorCommand(run),
    deleteCommand(run),
    factsCommand(run),
    kubeconfigCommand(run),
    auditCommand(run, offlineRunner(io, exit)),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}

const examples = `
The usual way:
  drover token create worker-1      for each machine; its agent enrols with it
  drover get nodes                  which agents are connected
  drover plan -f cluster.yaml       what would change on which machine
  drover apply -f cluster.yaml      change it
  drover logs RUN                   what the commands printed on the machines
  drover runs retry RUN             go on with a run, once that is mended
  drover get claims                 which machines want to be nodes
  drover status                     what waits for you
  drover drift                      what is not as it has to be on members

Which coordinator: --server, --token-file and --ca-file, or DROVER_SERVER,
DROVER_TOKEN_FILE and DROVER_CA_FILE, or the file that DROVER_CONFIG names
(~/.config/drover/config.yaml).
`;
