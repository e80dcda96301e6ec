import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { drover, lab } from '../quick-start.ts';
import { plant, plantedPlaces, unplant } from './canaries.ts';
import { markHost, readProcesses, searchHost, type Trace } from './host-search.ts';
import { createNeedles, type Needles, type Secrets } from './needles.ts';

/** Looks for secrets on some hosts and with the coordinator. */
export interface SecretSearch {
  /** Looks at the processes of the hosts again and again until the signal aborts: what comes and goes between two searches. */
  watchProcesses(signal: AbortSignal): Promise<void>;
  /**
   * Where secrets are: files of the hosts that have changed since this search was made, on disk and in memory; their journals;
   * their processes’ arguments and environments, now and whenever they were looked at; and of the coordinator its files, its
   * log, its process, and what it tells of a run. Before, a canary is planted in each kind of place; rejects where one of
   * them is not found.
   */
  find(secrets: Secrets, runId: string): Promise<readonly Trace[]>;
}

/** From this moment on. */
export async function createSecretSearch(hosts: readonly string[]): Promise<SecretSearch> {
  for (const host of hosts) await markHost(host);
  const seen = new Map(hosts.map((host) => [host, new Set<string>()]));
  const lookAt = async (host: string): Promise<void> => {
    for (const line of await readProcesses(host)) seen.get(host)?.add(line);
  };
  const findOn = async (host: string, needles: Needles): Promise<readonly Trace[]> => {
    await lookAt(host);
    const lines = [...(seen.get(host) ?? [])];
    const inProcesses = lines
      .flatMap((line) => needles.namesIn(line))
      .map((secret) => ({ secret, host, place: 'process' }));
    return [...(await searchHost(host, needles)), ...inProcesses];
  };
  return {
    watchProcesses: async (signal) => {
      while (!signal.aborted) {
        await Promise.all(hosts.map(lookAt));
        await delay(200);
      }
    },
    find: async (secrets, runId) => {
      const canary = randomBytes(16).toString('hex');
      const needles = createNeedles(new Map([...secrets, ['canary', canary]]));
      await plant(hosts, canary);
      try {
        const searches = [...hosts.map((host) => findOn(host, needles)), findWithCoordinator(needles, runId)];
        const traces = (await Promise.all(searches)).flat();
        requireCanaries(hosts, traces);
        return withoutDoubles(traces.filter(({ secret }) => secret !== 'canary'));
      } finally {
        await unplant(hosts);
      }
    },
  };
}

async function findWithCoordinator(needles: Needles, runId: string): Promise<readonly Trace[]> {
  const pid = (await readFile(join(lab.directory, 'coordinator.pid'), 'utf8')).trim();
  const texts = [
    ...(await Promise.all((await coordinatorFiles()).map(async (path) => [path, await readFile(path, 'latin1')]))),
    [
      'process',
      (await readFile(`/proc/${pid}/cmdline`, 'latin1')) + (await readFile(`/proc/${pid}/environ`, 'latin1')),
    ],
    ['API', (await drover('get', 'runs', runId, '-o', 'json')).all + (await drover('logs', runId)).all],
  ] as const;
  return texts.flatMap(([place = '', text = '']) =>
    needles.namesIn(text).map((secret) => ({ secret, host: 'coordinator', place })),
  );
}

async function coordinatorFiles(): Promise<readonly string[]> {
  const folder = join(lab.directory, 'coordinator');
  const entries = await readdir(folder, { recursive: true });
  const paths = entries.map((entry) => join(folder, entry));
  const isFile = await Promise.all(
    paths.map(async (path) => (await stat(path).catch(() => undefined))?.isFile() === true),
  );
  return [...paths.filter((_, i) => isFile[i]), join(lab.directory, 'coordinator.log')];
}

/** A search that misses a canary proves nothing. */
function requireCanaries(hosts: readonly string[], traces: readonly Trace[]): void {
  const found = traces.filter(({ secret }) => secret === 'canary');
  const isFound = (wanted: Omit<Trace, 'secret'>): boolean =>
    found.some(({ host, place }) => host === wanted.host && place === wanted.place);
  assert.deepEqual(
    plantedPlaces(hosts).filter((wanted) => !isFound(wanted)),
    [],
    'canaries that the search missed',
  );
}

function withoutDoubles(traces: readonly Trace[]): readonly Trace[] {
  return [...new Map(traces.map((trace) => [JSON.stringify(trace), trace])).values()];
}
