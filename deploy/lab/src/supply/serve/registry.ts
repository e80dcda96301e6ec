import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import type { RegistrySocket } from '../images/push-image.ts';

/** How a registry stores and where it listens. */
export interface RegistryConfiguration {
  readonly storage: string;
  readonly listen: { readonly net: 'tcp' | 'unix'; readonly addr: string };
  /** True refuses every write. */
  readonly readOnly: boolean;
}

/** Configuration of Debian's docker-registry (Distribution 2.8). It is YAML, of which JSON is a part. */
export function renderRegistryConfiguration({ storage, listen, readOnly }: RegistryConfiguration): string {
  return JSON.stringify(
    {
      version: 0.1,
      log: { level: 'warn', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: storage }, maintenance: { readonly: { enabled: readOnly } } },
      http: { ...listen, relativeurls: true },
    },
    null,
    2,
  );
}

/** What a registry that is being filled needs. */
export interface FillingRegistry {
  readonly program: string;
  readonly storage: string;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/** Runs a registry on a Unix socket, reachable by nobody else, while `work` fills it. Throws when it does not answer in 15 s. */
export async function withRegistry(
  options: FillingRegistry,
  work: (registry: RegistrySocket) => Promise<void>,
): Promise<void> {
  // Not under the cache: a socket's path may have 107 bytes only.
  const directory = await mkdtemp(join(tmpdir(), 'drover-registry-'));
  const socketPath = join(directory, 'socket');
  const configuration = join(directory, 'config.yml');
  const listen = { net: 'unix', addr: socketPath } as const;
  await writeFile(configuration, renderRegistryConfiguration({ storage: options.storage, listen, readOnly: false }));
  const log = { file: options.logFile, append: true } as const;
  const stop = new AbortController();
  const registry = execa(options.program, ['serve', configuration], {
    cancelSignal: AbortSignal.any([options.signal, stop.signal]),
    forceKillAfterDelay: 5_000,
    reject: false,
    stdin: 'ignore',
    stdout: log,
    stderr: log,
  });
  try {
    await untilAnswered(socketPath, options.signal);
    await work({ socketPath, signal: options.signal });
  } finally {
    stop.abort();
    await registry;
    await rm(directory, { recursive: true });
  }
}

async function untilAnswered(socketPath: string, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(15_000);
  while (!(await answers(socketPath))) {
    if (deadline.aborted)
      throw new Error('tried to start an image registry: it did not answer in 15 s. See the log file.');
    await delay(50, undefined, { signal });
  }
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request({ socketPath, path: '/v2/', timeout: 2_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    probe.once('error', () => resolve(false));
    probe.once('timeout', () => probe.destroy());
    probe.end();
  });
}
