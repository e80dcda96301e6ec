import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { SimulatedCluster } from './cluster.ts';
import { openNetwork, type SimulatedNetwork } from './network.ts';
import { defaultSupply, type Supply } from './supply.ts';

/** What simulated machines share, also when their agents are processes of their own. */
export interface World {
  /** The cluster as it is now, or null before the first `kubeadm init`. */
  cluster(): SimulatedCluster | null;
  /** Changes the cluster; nobody sees or does anything in between. Whatever `edit` throws leaves it as it was. */
  change<T>(
    edit: (cluster: SimulatedCluster | null) => { readonly cluster: SimulatedCluster | null; readonly answer: T },
  ): T;
  /** What mirrors and registries have. */
  supply(): Supply;
  /** Changes what they have: a test takes a registry away. */
  setSupply(supply: Supply): void;
  /** What lies between the machines. */
  network(): SimulatedNetwork;
  /** Changes that; nobody sees or does anything in between. */
  changeNetwork(edit: (network: SimulatedNetwork) => SimulatedNetwork): void;
}

/**
 * Opens the world in a folder, and makes it when there is none. SQLite keeps it: its locks hold between processes and
 * are gone with a process that dies. A database is open for one transaction only, so that nothing has to be closed.
 */
export function openWorld(directory: string): World {
  const within = <T>(use: (database: DatabaseSync) => T): T => {
    mkdirSync(directory, { recursive: true });
    const database = new DatabaseSync(join(directory, 'world.db'), { timeout: 10_000 });
    try {
      database.exec('CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT');
      return use(database);
    } finally {
      database.close();
    }
  };
  return {
    cluster: () => within((database) => read<SimulatedCluster>(database, 'cluster')),
    change: (edit) =>
      within((database) =>
        inTransaction(database, () => {
          const { cluster, answer } = edit(read<SimulatedCluster>(database, 'cluster'));
          write(database, 'cluster', cluster);
          return answer;
        }),
      ),
    supply: () => within((database) => read<Supply>(database, 'supply') ?? defaultSupply),
    setSupply: (supply) => within((database) => write(database, 'supply', supply)),
    network: () => within(readNetwork),
    changeNetwork: (edit) =>
      within((database) => inTransaction(database, () => write(database, 'network', edit(readNetwork(database))))),
  };
}

function readNetwork(database: DatabaseSync): SimulatedNetwork {
  return read<SimulatedNetwork>(database, 'network') ?? openNetwork;
}

function inTransaction<T>(database: DatabaseSync, use: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = use();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** Only this file writes documents: their form is known. */
function read<T>(database: DatabaseSync, name: string): T | null {
  const row = database.prepare('SELECT json FROM documents WHERE name = ?').get(name);
  return row === undefined ? null : (JSON.parse(String(row['json'])) as T | null);
}

function write(database: DatabaseSync, name: string, value: unknown): void {
  database.prepare('INSERT OR REPLACE INTO documents (name, json) VALUES (?, ?)').run(name, JSON.stringify(value));
}
