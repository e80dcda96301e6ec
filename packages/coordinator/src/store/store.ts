/** A value under a key, as of a revision. Values are JSON documents. */
export interface Entry {
  readonly key: string;
  readonly value: unknown;
  /** The revision of the commit that last wrote it. */
  readonly revision: number;
}

/** What must hold for a commit to happen: the key's entry has this revision; 0 = the key does not exist. */
export interface Guard {
  readonly key: string;
  readonly revision: number;
}

/** One change to one key. */
export type Write =
  | { readonly kind: 'put'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'delete'; readonly key: string };

/** A commit's end: made as one, or refused as a whole with the guards that did not hold. */
export type CommitResult =
  | { readonly committed: true; readonly revision: number }
  | { readonly committed: false; readonly conflicts: readonly string[] };

/** What is listed of a prefix. */
export interface ListOptions {
  /** A key with the prefix, whether or not it exists. @default none: from the first on */
  readonly after?: string;
}

/** One write as a watcher sees it, in commit order. */
export interface StoreChange {
  readonly key: string;
  /** Undefined when the key was deleted. */
  readonly value: unknown;
  readonly revision: number;
}

/**
 * Where the coordinator keeps everything: keys and values under one growing revision, in the shape of etcd, so that etcd
 * itself can stand behind it. A commit is durable when its promise resolves.
 */
export interface Store {
  /** Throws `store-corrupt`, with the key, when the entry is not what was written. */
  get(key: string): Promise<Entry | undefined>;
  /**
   * All entries whose key starts with `prefix`, by key; of them those behind the key `after`, where one is given. Throws
   * `store-corrupt` when one of these is not what was written.
   */
  list(prefix: string, options?: ListOptions): Promise<readonly Entry[]>;
  /** The keys that start with `prefix`, in order, also of entries that are not what was written: costs no reading of values. */
  keys(prefix: string): Promise<readonly string[]>;
  /** All writes or none. Throws `store-corrupt` when a guard’s entry is not what was written, `store-full` when the disk is, and `store-unavailable` when it cannot be written. */
  commit(writes: readonly Write[], guards?: readonly Guard[]): Promise<CommitResult>;
  /**
   * Proves that a commit could be made now: writes durably, beside the entries, and makes no revision. Throws `store-full` and
   * `store-unavailable` as `commit` does.
   */
  probe(): Promise<void>;
  /** Every write under `prefix` after `afterRevision`, without gaps, until the signal aborts (then it ends quietly). */
  watch(
    prefix: string,
    options: { readonly afterRevision: number; readonly signal: AbortSignal },
  ): AsyncIterable<StoreChange>;
  /** The revision of the last commit; 0 for an empty store. */
  revision(): Promise<number>;
  close(): Promise<void>;
}
