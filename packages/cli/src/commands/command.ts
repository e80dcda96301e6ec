import { Command, Option } from 'commander';
import { type Client, createClient } from '../client/client.ts';
import { type ConnectionSettings, loadConnection } from '../client/connection.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { OutputFormat } from '../output/format.ts';

/** What every command gets. */
export interface CommandContext {
  readonly io: Io;
  readonly client: Client;
  readonly format: OutputFormat;
}

/** The options that every command has. */
export interface SharedOptions extends ConnectionSettings {
  readonly output: OutputFormat;
}

/** Runs a command with a client that is closed afterwards; its exit code goes to `exit`. */
export type RunCommand = (
  options: SharedOptions,
  body: (context: CommandContext) => Promise<ExitCode>,
) => Promise<void>;

/** Runs a command that asks no coordinator; its exit code goes to `exit`. */
export type RunOffline = (body: (io: Io) => Promise<ExitCode>) => Promise<void>;

/** As `commandRunner`, for commands that ask no coordinator. */
export function offlineRunner(io: Io, exit: (code: ExitCode) => void): RunOffline {
  return async (body) => exit(await body(io));
}

/** Binds the world and the place where the exit code is kept. */
export function commandRunner(io: Io, exit: (code: ExitCode) => void): RunCommand {
  return async (options, body) => {
    const connection = await loadConnection(options, io.environment);
    for (const warning of connection.warnings) io.stderr.write(`${warning}\n`);
    const client = createClient(connection);
    try {
      exit(await body({ io, client, format: options.output }));
    } finally {
      await client.close();
    }
  };
}

/** A command with the shared options. */
export function sharedCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .addOption(
      new Option('-o, --output <format>', 'how data is shown')
        .choices(['table', 'wide', 'json', 'yaml'])
        .default('table'),
    )
    .option('--server <url>', 'the coordinator, as in https://10.0.12.2:8443 (DROVER_SERVER)')
    .option('--token-file <file>', 'the bearer token (DROVER_TOKEN_FILE)')
    .option('--ca-file <file>', 'the coordinator’s CA certificate (DROVER_CA_FILE)');
}
