import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** How to wait for the lock. */
export interface CacheLockOptions {
  readonly signal: AbortSignal;
  /** Called once, when someone else holds the lock. */
  readonly onWait?: () => void;
  /** Default: 500 ms. */
  readonly retryMs?: number;
}

/**
 * Waits until nobody else on this machine fills the cache directory, and keeps others out until disposed.
 * The lock is a name in the kernel's abstract socket namespace (unix(7)): it goes away with its process, however that
 * ends, so no lock file is left to clean up. The wait has no deadline of its own: the holder shows progress, and
 * `signal` ends the wait.
 */
export async function lockCache(cacheDirectory: string, options: CacheLockOptions): Promise<AsyncDisposable> {
  const hash = createHash('sha256').update(await realpath(cacheDirectory));
  const name = `\0drover-lab-supply-${hash.digest('hex').slice(0, 32)}`;
  let waited = false;
  for (;;) {
    options.signal.throwIfAborted();
    const lock = await tryListen(name);
    if (lock !== undefined) return lock;
    if (!waited) options.onWait?.();
    waited = true;
    await delay(options.retryMs ?? 500, undefined, { signal: options.signal });
  }
}

async function tryListen(name: string): Promise<AsyncDisposable | undefined> {
  const server = createServer((connection) => connection.destroy());
  try {
    server.listen(name);
    await once(server, 'listening');
    server.unref();
    return server;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}
