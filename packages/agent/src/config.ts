import { readFile } from 'node:fs/promises';
import { messageOf, parseDocument, parseEndpoint, refusalDetails } from '@drover/core';
import { type Static, Type } from 'typebox';
import { agentErrors } from './errors.ts';

const strict = { additionalProperties: false } as const;

const Coordinator = Type.Object(
  {
    enrollment: Type.String({ description: 'host:port of the enrolment listener', examples: ['drover.example:8445'] }),
    session: Type.String({ description: 'host:port of the session listener', examples: ['drover.example:8444'] }),
  },
  strict,
);

const HostKind = Type.Union(
  [
    Type.Object({ kind: Type.Literal('linux') }, strict),
    Type.Object({ kind: Type.Literal('simulated'), directory: Type.String({ minLength: 1 }) }, strict),
  ],
  { description: 'The machine that the agent works on: this one, or one that is played in a folder' },
);

const Tpm = Type.Object(
  {
    tcti: Type.String({
      minLength: 1,
      description: 'What tpm2-tools are given as `--tcti`',
      examples: ['swtpm:path=/run/swtpm.socket'],
    }),
  },
  { ...strict, description: 'A TPM 2.0 that is not reached by the machine’s own device' },
);

/** The agent's configuration file, /etc/drover/agent.yaml. */
export const AgentConfig = Type.Object(
  {
    coordinators: Type.Array(Coordinator, { minItems: 1, description: 'Tried in turn; they serve the same clusters' }),
    stateDirectory: Type.String({ default: '/var/lib/drover-agent', pattern: '^/' }),
    runtimeDirectory: Type.String({ default: '/run/drover-agent', pattern: '^/', description: 'On tmpfs' }),
    enrollmentTokenFile: Type.String({ default: '/etc/drover/enrollment-token', pattern: '^/' }),
    logLevel: Type.Union([Type.Literal('debug'), Type.Literal('info'), Type.Literal('warn'), Type.Literal('error')], {
      default: 'info',
    }),
    tpm: Type.Optional(Tpm),
    host: Type.Optional(HostKind),
  },
  strict,
);
/** What the agent is configured to be. */
export type AgentConfig = Static<typeof AgentConfig>;

/** Reads the configuration file. Throws `config-invalid` with every fault at once, or `file-unreadable`. */
export async function readAgentConfig(path: string): Promise<AgentConfig> {
  const parsed = parseDocument(await readText(path), AgentConfig, {
    source: path,
    rules: (config, report) => {
      config.coordinators?.forEach((coordinator, index) => {
        for (const name of ['enrollment', 'session'] as const) {
          const address = coordinator?.[name];
          if (address !== undefined && (parseEndpoint(address)?.port ?? 0) === 0)
            report(['coordinators', index, name], `"${address}" is not host:port`);
        }
      });
    },
  });
  if (parsed.ok) return parsed.value;
  throw agentErrors.create('config-invalid', refusalDetails(parsed));
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw agentErrors.create('file-unreadable', { tried: `read ${path}`, reason: messageOf(cause), cause });
  }
}
