import type { DroverError } from '@drover/core';
import { coordinatorErrors } from '../errors.ts';
import type { StoreChange } from './store.ts';

/** The recent history of a store, as watching needs it. */
export interface ChangeLog {
  /** The revision of the last commit. */
  readonly revision: () => number;
  /** Changes up to and including this revision are no longer known; 0 when all are. */
  readonly compactedRevision: () => number;
  /** The changes under `prefix` with `after < revision <= until`, in commit order. */
  readonly changesBetween: (prefix: string, after: number, until: number) => readonly StoreChange[];
}

/** Wakes the watchers of one store. */
export class CommitSignal {
  readonly #wakers = new Set<() => void>();
  #closed = false;

  get closed(): boolean {
    return this.#closed;
  }

  /** Something was committed. */
  announce(): void {
    const wakers = [...this.#wakers];
    this.#wakers.clear();
    for (const wake of wakers) wake();
  }

  /** The store is closed: watchers end. */
  close(): void {
    this.#closed = true;
    this.announce();
  }

  /** Resolves at the next commit, when the store closes or when the signal aborts. */
  wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#wakers.delete(wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}

/** Revisions that a watcher reads at once: bounds its memory when it is far behind. */
const windowRevisions = 1_000;

/**
 * `Store.watch` over a change log. Ends when the signal aborts or the store closes.
 * Throws `revision-compacted` when changes that it owes are gone: the watcher then lists again and watches from there.
 */
export async function* watchChanges(
  log: ChangeLog,
  commits: CommitSignal,
  prefix: string,
  options: { readonly afterRevision: number; readonly signal: AbortSignal },
): AsyncIterable<StoreChange> {
  const ended = (): boolean => options.signal.aborted || commits.closed;
  let seen = options.afterRevision;
  while (!ended()) {
    const last = log.revision();
    if (seen >= last) {
      await commits.wait(options.signal);
      continue;
    }
    refuseGap(seen, log.compactedRevision());
    const until = Math.min(seen + windowRevisions, last);
    for (const change of log.changesBetween(prefix, seen, until)) {
      if (ended()) return;
      yield change;
    }
    seen = until;
  }
}

function refuseGap(seen: number, compactedRevision: number): void {
  if (seen < compactedRevision) throw compacted(seen, compactedRevision);
}

/** `revision-compacted`: what a watcher from `seen` owes is gone. */
export function compacted(seen: number, upTo: number, cause?: unknown): DroverError {
  return coordinatorErrors.create('revision-compacted', {
    tried: `watch from revision ${seen}`,
    reason: `changes up to revision ${upTo} are no longer kept`,
    cause,
  });
}
