import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, parseDocument, Secret } from '@drover/core';
import { Type } from 'typebox';
import { cliErrors } from '../errors.ts';

/** Where the coordinator is and how to be known to it. */
export interface Connection {
  /** As in https://10.0.12.2:8443. */
  readonly server: string;
  readonly token: Secret;
  /** PEM of the coordinator's CA. The system's own certificates are never consulted. */
  readonly ca: string;
  /** What is not as it should be, though it works; a line each. */
  readonly warnings: readonly string[];
}

/** The three settings, each from its flag, else its variable, else the configuration file. */
export interface ConnectionSettings {
  readonly server?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly caFile?: string | undefined;
}

/**
 * Finds the settings and reads the files they name. The configuration file is `DROVER_CONFIG`, by default
 * `~/.config/drover/config.yaml`, with the keys server, tokenFile and caFile.
 * Throws `coordinator-unknown` naming every setting that is missing, or `file-unreadable`.
 */
export async function loadConnection(flags: ConnectionSettings, environment: NodeJS.ProcessEnv): Promise<Connection> {
  // An empty variable is one that is not set.
  const configuration = environment['DROVER_CONFIG'] || join(environment['HOME'] ?? '/', '.config/drover/config.yaml');
  const stored = await readSettings(configuration);
  const server = flags.server ?? (environment['DROVER_SERVER'] || stored.server);
  const tokenFile = flags.tokenFile ?? (environment['DROVER_TOKEN_FILE'] || stored.tokenFile);
  const caFile = flags.caFile ?? (environment['DROVER_CA_FILE'] || stored.caFile);
  if (server === undefined || tokenFile === undefined || caFile === undefined) {
    const missing = Object.entries({ server, tokenFile, caFile }).filter(([, value]) => value === undefined);
    throw cliErrors.create('coordinator-unknown', {
      tried: 'find the coordinator',
      reason: `${listed(missing.map(([name]) => name))} not given, and ${configuration} ${existsSync(configuration) ? 'does not name them' : 'does not exist'}`,
    });
  }
  const [token, ca] = await Promise.all([readText(tokenFile, 'read the token'), readText(caFile, 'read the CA')]);
  const warnings = await exposureWarnings(tokenFile);
  return { server: server.replace(/\/+$/, ''), token: new Secret(token.trim()), ca, warnings };
}

/** The token is all that it takes to command every node: who else can read it? */
async function exposureWarnings(path: string): Promise<readonly string[]> {
  const { mode } = await stat(path);
  if ((mode & 0o077) === 0) return [];
  const shown = (mode & 0o777).toString(8).padStart(4, '0');
  return [`warning: other users can read the token in ${path} (mode ${shown}): chmod 600 ${path}`];
}

/** As in "server is", "server and caFile are". */
function listed(names: readonly string[]): string {
  if (names.length === 1) return `${names[0]} is`;
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are`;
}

/** Reads a text file. Throws `file-unreadable` naming it. */
export async function readText(path: string, tried: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw cliErrors.create('file-unreadable', { tried, reason: messageOf(error), cause: error });
  }
}

const Settings = Type.Object(
  {
    server: Type.Optional(Type.String()),
    tokenFile: Type.Optional(Type.String()),
    caFile: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

/** The configuration file's settings; none when there is no such file. */
async function readSettings(path: string): Promise<ConnectionSettings> {
  if (!existsSync(path)) return {};
  const tried = `read the configuration file ${path}`;
  const parsed = parseDocument(await readText(path, tried), Settings, { source: path });
  if (parsed.ok) return parsed.value;
  throw cliErrors.create('configuration-invalid', { tried, reason: 'it has faults', faults: parsed.faults });
}
