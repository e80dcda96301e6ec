import { createHash } from 'node:crypto';
import { DroverError } from '@drover/core';
import type { AptRepository } from '@drover/proto';
import { agentErrors } from '../../errors.ts';
import type { ApplyContext } from '../action.ts';
import { armourKey } from './openpgp-key.ts';

/**
 * The key of a repository's signatures, armoured. It is fetched by apt's own program, so through the proxy that apt has, and
 * looked at before it is let near /etc. Throws `repository-key-invalid`, `repository-unreachable`.
 */
export async function fetchKey(context: ApplyContext, id: string, repository: AptRepository): Promise<string> {
  const { key, keySha256 } = repository;
  const place = { tried: `fetch the key of the repository ${id} from ${key}`, node: context.nodeName };
  const bytes = await fetchBytes(context, key, place);
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (keySha256 !== '' && digest !== keySha256.toLowerCase()) {
    const reason = `its SHA-256 is ${digest}, and ${keySha256} is wanted`;
    throw agentErrors.create('repository-key-invalid', { ...place, reason });
  }
  const armoured = armourKey(bytes);
  if (armoured !== undefined) return armoured;
  const evidence = bytes.toString('utf8').split('\n').slice(0, 5);
  throw agentErrors.create('repository-key-invalid', { ...place, reason: 'it is no OpenPGP public key', evidence });
}

interface Place {
  readonly tried: string;
  readonly node: string;
}

async function fetchBytes(context: ApplyContext, key: string, place: Place): Promise<Buffer> {
  const { host, runtimeDirectory, operationId, log } = context;
  const { protocol, pathname } = new URL(key);
  if (protocol === 'file:') return await readBytes(context, decodeURIComponent(pathname), place);
  const path = `${runtimeDirectory}/key-${operationId}`;
  const options = ['Acquire::http::Timeout=30', 'Acquire::https::Timeout=30', 'Acquire::Retries=2'];
  const argv = [
    '/usr/lib/apt/apt-helper',
    ...options.flatMap((each) => ['-o', each]),
    'download-file',
    key,
    path,
  ] as const;
  try {
    await host.run({ argv: [...argv], timeoutMs: 180_000, onLine: log });
    return await readBytes(context, path, place);
  } catch (error) {
    if (!(error instanceof DroverError && error.code === 'command-failed')) throw error;
    const { evidence } = error.problem;
    const reason = evidence.at(-1)?.trim() ?? error.problem.reason;
    throw agentErrors.create('repository-unreachable', { ...place, reason, evidence, cause: error });
  } finally {
    await host.removeFile(path);
  }
}

/** A key may be binary, which reading a file as text would spoil. */
async function readBytes({ host }: ApplyContext, path: string, place: Place): Promise<Buffer> {
  if ((await host.status(path))?.kind !== 'file') {
    throw agentErrors.create('repository-key-invalid', { ...place, reason: `there is no file ${path} on the node` });
  }
  const { stdout } = await host.query({ argv: ['base64', '--wrap=0', path], timeoutMs: 10_000 });
  return Buffer.from(stdout, 'base64');
}
