import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** How the recent history of a store is bounded. */
export interface ChangeLogBounds {
  readonly changeLogRevisions?: number;
  readonly changeLogBytes?: number;
}

/** Keeps the recorded changes of a database within bounds, the newest revision always. */
export class RecordedChanges {
  readonly #maximumRevisions: number;
  readonly #maximumBytes: number;
  readonly #total: StatementSync;
  readonly #first: StatementSync;
  readonly #remove: StatementSync;
  /** Undefined until it is counted. */
  #bytes: number | undefined;

  constructor(database: DatabaseSync, { changeLogRevisions = 10_000, changeLogBytes = 64 * 2 ** 20 }: ChangeLogBounds) {
    this.#maximumRevisions = changeLogRevisions;
    this.#maximumBytes = changeLogBytes;
    this.#total = database.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM changes');
    this.#first = database.prepare(
      'SELECT revision, sum(bytes) AS bytes FROM changes WHERE revision = (SELECT min(revision) FROM changes)',
    );
    this.#remove = database.prepare('DELETE FROM changes WHERE revision <= ?');
  }

  /** The oldest revision whose changes are there; the next one after `last` where none are. */
  oldest(last: number): number {
    return Number(this.#first.get()?.['revision'] ?? last + 1);
  }

  /** A change of this size is recorded. */
  add(bytes: number): void {
    if (this.#bytes !== undefined) this.#bytes += bytes;
  }

  /** Within the transaction that has recorded revision `last`. */
  compact(last: number): void {
    this.#bytes ??= Number(this.#total.get()?.['bytes']);
    for (;;) {
      const row = this.#first.get();
      const oldest = Number(row?.['revision'] ?? last);
      if (oldest >= last) return;
      if (oldest > last - this.#maximumRevisions && this.#bytes <= this.#maximumBytes) return;
      this.#remove.run(oldest);
      this.#bytes -= Number(row?.['bytes']);
    }
  }

  /** The transaction was rolled back: what was counted in it counts no more. */
  forgetSizes(): void {
    this.#bytes = undefined;
  }
}
