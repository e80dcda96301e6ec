import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runLogged } from '../../progress/index.ts';
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
  const stop = new AbortController();
  const ended = runLogged(options.program, ['serve', configuration], {
    log: options.logFile,
    signal: AbortSignal.any([options.signal, stop.signal]),
    timeoutMs: 2 * 60 * 60_000, // Images of Kubernetes wait in it for their programs to be built.
  }).catch((error: unknown) => error);
  try {
    await untilAnswered(socketPath, ended, options.signal);
    await work({ socketPath, signal: options.signal });
  } finally {
    stop.abort();
    await ended;
    await rm(directory, { recursive: true });
  }
}

async function untilAnswered(socketPath: string, ended: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const deadlineAt = performance.now() + 15_000;
  while (!(await answers(socketPath))) {
    if (performance.now() > deadlineAt) {
      throw new Error(
        'tried to start an image registry to fill it: it did not answer in 15 s. The log file has its output.',
      );
    }
    const end = await Promise.race([ended.then((cause) => ({ cause })), delay(50, undefined, { signal })]);
    if (end !== undefined) throw new Error('tried to start an image registry to fill it: it ended', end);
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
