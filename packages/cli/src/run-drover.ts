import { DroverError, messageOf } from '@drover/core';
import { CommanderError } from 'commander';
import { RefusedError } from './client/refused-error.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { formatProblem } from './output/problem-text.ts';
import { createProgram } from './program.ts';

/** Runs `drover` with the given arguments (without program and script) and returns its exit code. Never throws. */
export async function runDrover(argumentList: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const program = createProgram(io, (given) => {
    code = given;
  });
  for (const command of withDescendants(program)) {
    command.exitOverride();
    command.showHelpAfterError(`See ${fullName(command)} --help.`);
    command.configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    });
  }
  try {
    await program.parseAsync(argumentList, { from: 'user' });
    return code;
  } catch (error) {
    return showError(error, io);
  }
}

function withDescendants(command: ReturnType<typeof createProgram>): readonly ReturnType<typeof createProgram>[] {
  return [command, ...command.commands.flatMap(withDescendants)];
}

function fullName(command: ReturnType<typeof createProgram>): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

/** Where the client itself knows better than that its input has faults. */
const localExitCodes: Readonly<Record<string, ExitCode>> = {
  'coordinator-unreachable': exitCodes.unreachable,
  'plan-changed': exitCodes.refused,
};

function showError(error: unknown, io: Io): ExitCode {
  if (io.interrupted.aborted && error === io.interrupted.reason) {
    io.stderr.write('interrupted\n');
    return exitCodes.interrupted;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.inputInvalid;
  if (error instanceof RefusedError) {
    io.stderr.write(formatProblem(error.problem, io.stderr.columns));
    if (error.status === 400) return exitCodes.inputInvalid;
    return error.status === 401 ? exitCodes.unreachable : exitCodes.refused;
  }
  if (error instanceof DroverError) {
    io.stderr.write(formatProblem(error.problem, io.stderr.columns));
    return localExitCodes[error.code] ?? exitCodes.inputInvalid;
  }
  io.stderr.write(`drover met a fault of its own: ${messageOf(error)}\n`);
  return exitCodes.unexpected;
}
