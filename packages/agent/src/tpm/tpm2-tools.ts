import { DroverError, messageOf } from '@drover/core';
import type { TpmKeys } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { Command, ReadonlyHost } from '../host/host.ts';

/** How a TPM 2.0 is reached. */
export interface TpmAccess {
  /** Where tpm2-tools are. */
  readonly host: ReadonlyHost;
  /** Empty, on tmpfs, for this operation alone: the tools talk to each other by files. */
  readonly directory: string;
  /** What tpm2-tools call a TCTI, as in `device:/dev/tpmrm0`. */
  readonly tcti: string;
}

/** A credential for the TPM, and what it needs to open it. */
export interface OpenedCredential {
  /** As `readTpmKeys` gave them; empty ones are made anew. */
  readonly endorsementContext: Uint8Array;
  readonly attestationContext: Uint8Array;
  /** TPM2B_ID_OBJECT. */
  readonly idObject: Uint8Array;
  /** TPM2B_ENCRYPTED_SECRET. */
  readonly encryptedSecret: Uint8Array;
}

/** A key of RSA may take a slow TPM this long to make. */
const timeoutMs = 25_000;
const tried = 'use the TPM';
/** What tpm2_makecredential writes, and tpm2_activatecredential reads, before the two parts: a mark and version 1. */
const credentialHead = Buffer.from('badcc0de00000001', 'hex');

/**
 * The public keys by which a TPM is known, and the contexts with which it loads them again until its next reset. Both are made
 * from the TPM's own seed by a fixed template, so that they are the same each time and nothing is kept in the TPM. Throws
 * `tpm-unusable`, or the signal's reason.
 */
export async function readTpmKeys(access: TpmAccess, signal: AbortSignal): Promise<TpmKeys> {
  return await withTools(access, signal, async ({ tool, read, path }) => {
    await makeEndorsementKey(tool, path);
    await makeAttestationKey(tool, path);
    await tool('tpm2_readpublic', '-c', path('ak.ctx'), '-f', 'tss', '-o', path('ak.pub'));
    const files = ['ek.pub', 'ak.pub', 'ek.ctx', 'ak.ctx'] as const;
    const [endorsementKey = '', attestationKey = '', endorsementContext = '', attestationContext = ''] =
      await Promise.all(files.map(read));
    return { endorsementKey, attestationKey, endorsementContext, attestationContext };
  });
}

/**
 * The secret in a credential, which the TPM gives out when it has both keys that it was made for. Throws `tpm-unusable`, or the
 * signal's reason.
 */
export async function openTpmCredential(
  access: TpmAccess,
  { endorsementContext, attestationContext, idObject, encryptedSecret }: OpenedCredential,
  signal: AbortSignal,
): Promise<Uint8Array> {
  return await withTools(access, signal, async ({ tool, read, write, path }) => {
    if (endorsementContext.length > 0) await write('ek.ctx', endorsementContext);
    else await makeEndorsementKey(tool, path);
    if (attestationContext.length > 0) await write('ak.ctx', attestationContext);
    else await makeAttestationKey(tool, path);
    await write('credential', Buffer.concat([credentialHead, idObject, encryptedSecret]));
    const session = path('session.ctx');
    await tool('tpm2_startauthsession', '--policy-session', '-S', session);
    try {
      // What the template of the endorsement key asks for: the endorsement hierarchy's authorisation, which is empty.
      await tool('tpm2_policysecret', '-S', session, '-c', 'e');
      const keys = ['-c', path('ak.ctx'), '-C', path('ek.ctx'), '-P', `session:${session}`];
      await tool('tpm2_activatecredential', ...keys, '-i', path('credential'), '-o', path('secret'));
    } finally {
      await tool('tpm2_flushcontext', session);
    }
    return Buffer.from(await read('secret'), 'base64');
  });
}

/** Runs one of tpm2-tools. */
type Tool = (program: string, ...argumentList: readonly string[]) => Promise<void>;
type Path = (name: string) => string;

interface Tools {
  readonly tool: Tool;
  /** A file that a tool has written, as base64. */
  readonly read: (name: string) => Promise<string>;
  readonly write: (name: string, content: Uint8Array) => Promise<void>;
  readonly path: Path;
}

/** Template L-1 of the TCG EK credential profile: RSA 2048. */
async function makeEndorsementKey(tool: Tool, path: Path): Promise<void> {
  await tool('tpm2_createek', '-G', 'rsa', '-c', path('ek.ctx'), '-u', path('ek.pub'));
}

/** P-256: every TPM of the PC Client profile has it, and makes it fast. */
async function makeAttestationKey(tool: Tool, path: Path): Promise<void> {
  const attributes = 'fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign';
  const template = ['-C', 'e', '-g', 'sha256', '-G', 'ecc256:ecdsa-sha256:null', '-a', attributes];
  await tool('tpm2_createprimary', ...template, '-c', path('ak.ctx'));
}

/**
 * Only the folder of the operation is written to, which is emptied with it. Nothing is left loaded in a TPM that programs do
 * not share: its kernel's resource manager would do that by itself.
 */
async function withTools<Result>(
  { host, directory, tcti }: TpmAccess,
  signal: AbortSignal,
  use: (tools: Tools) => Promise<Result>,
): Promise<Result> {
  const path: Path = (name) => `${directory}/${name}`;
  const query = async (argv: Command['argv'], input?: Uint8Array) =>
    await host.query({ argv, timeoutMs, signal, ...(input === undefined ? {} : { input }) });
  const tools: Tools = {
    path,
    tool: async (program, ...argumentList) => {
      // Quiet: activating prints the secret otherwise.
      await query([program, '-Q', '-T', tcti, ...argumentList]);
    },
    read: async (name) => (await query(['base64', '--wrap=0', path(name)])).stdout,
    write: async (name, content) => {
      await query(['dd', `of=${path(name)}`, 'status=none'], content);
    },
  };
  try {
    return await use(tools);
  } catch (error) {
    signal.throwIfAborted();
    throw unusable(error);
  } finally {
    if (!tcti.startsWith('device:/dev/tpmrm')) await tools.tool('tpm2_flushcontext', '-t').catch(() => undefined);
  }
}

function unusable(error: unknown): DroverError {
  if (!(error instanceof DroverError)) return agentErrors.create('tpm-unusable', { tried, reason: messageOf(error) });
  const { code, problem } = error;
  const isMissing = code === 'command-not-found';
  const said = problem.evidence.at(-1);
  const reason = isMissing
    ? `tpm2-tools are not installed (${problem.reason})`
    : `${programOf(problem.tried)}: ${problem.reason}${said === undefined ? '' : ` (${said})`}`;
  return agentErrors.create('tpm-unusable', { tried, reason, evidence: problem.evidence, cause: error });
}

/** Its arguments are of no use to whoever reads the reason. */
function programOf(command: string): string {
  return command.replace(/^run (\S+).*$/s, '$1');
}
