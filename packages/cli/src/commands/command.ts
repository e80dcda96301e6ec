import { Command, InvalidArgumentError, Option } from 'commander';
import { type Client, createClient } from '../client/client.ts';
import { type ConnectionSettings, loadConnection } from '../client/connection.ts';
import { patientClient } from '../client/patient-client.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import type { OutputFormat } from '../output/format.ts';
import { wrapProblemLine } from '../output/problem-text.ts';
import { waitText } from '../output/wait-text.ts';

/** What every command gets. */
export interface CommandContext {
  readonly io: Io;
  readonly client: Client;
  readonly format: OutputFormat;
  /** How long a coordinator that does not answer is waited for; the client's calls for JSON do so. */
  readonly timeoutMs: number;
}

/** The options that every command has. */
export interface SharedOptions extends ConnectionSettings {
  readonly output: OutputFormat;
  /** In seconds. @default 0 */
  readonly timeout?: number;
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
    const timeoutMs = (options.timeout ?? 0) * 1_000;
    const client = createClient(connection);
    try {
      const patient = patientClient(client, {
        ...io,
        timeoutMs,
        signal: io.interrupted,
        onWait: (wait) => io.stderr.write(`${wrapProblemLine(waitText(wait), io.stderr.columns)}\n`),
      });
      exit(await body({ io, client: patient, format: options.output, timeoutMs }));
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

/** A command that waits for a coordinator that does not answer: its calls may be sent twice. */
export function patientCommand(name: string, description: string): Command {
  return sharedCommand(name, description).option(
    '--timeout <seconds>',
    'how long to wait for a coordinator that does not answer',
    parseSeconds,
    120,
  );
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text !== '' && Number.isInteger(seconds) && seconds >= 0) return seconds;
  throw new InvalidArgumentError('It is a whole number of seconds.');
}

/** What says that a run is to work upon some nodes alone. */
export const nodeOption = ['--node <names...>', 'only these nodes: the others may be away'] as const;
