import { readFile } from 'node:fs/promises';
import { messageOf, parseDocument, parseEndpoint, refusalDetails } from '@drover/core';
import { type Static, Type } from 'typebox';
import { coordinatorErrors } from './errors.ts';

const strict = { additionalProperties: false } as const;

const Listen = Type.Object(
  {
    rest: Type.String({ default: '0.0.0.0:8443', description: 'The REST API, for people and programs' }),
    session: Type.String({ default: '0.0.0.0:8444', description: 'Agents that have enrolled' }),
    enrollment: Type.String({ default: '0.0.0.0:8445', description: 'Agents that have a token' }),
  },
  { ...strict, default: {}, description: 'host:port of each listener' },
);

/** The coordinator's configuration file, /etc/drover/coordinator.yaml. */
export const CoordinatorConfig = Type.Object(
  {
    dataDirectory: Type.String({
      default: '/var/lib/drover-coordinator',
      pattern: '^/',
      description: 'Holds the store, the CA and the API’s token; one coordinator at a time',
    }),
    listen: Listen,
    advertisedNames: Type.Array(Type.String({ minLength: 1, examples: ['drover.example.org'] }), {
      minItems: 1,
      description: 'DNS names and IP addresses under which agents and clients reach this coordinator',
    }),
    logLevel: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
      default: 'info',
    }),
  },
  strict,
);
/** What the coordinator is configured to be. */
export type CoordinatorConfig = Static<typeof CoordinatorConfig>;

/** Reads the configuration file. Throws `config-invalid` with every fault at once, or `config-unreadable`. */
export async function readCoordinatorConfig(path: string): Promise<CoordinatorConfig> {
  const parsed = parseDocument(await readText(path), CoordinatorConfig, {
    source: path,
    rules: ({ listen }, report) => {
      for (const name of ['rest', 'session', 'enrollment'] as const) {
        const address = listen?.[name];
        if (address !== undefined && parseEndpoint(address) === undefined)
          report(['listen', name], `"${address}" is not host:port`);
      }
    },
  });
  if (parsed.ok) return parsed.value;
  throw coordinatorErrors.create('config-invalid', refusalDetails(parsed));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw coordinatorErrors.create('config-unreadable', { tried: `read ${path}`, reason: messageOf(cause), cause });
  }
}
