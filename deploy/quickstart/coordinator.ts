import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Drover } from './drover.ts';

/** Where a quick start's coordinator listens and keeps what it knows. */
export interface CoordinatorPlace {
  readonly address: string;
  readonly directory: string;
  readonly ports: { readonly rest: number; readonly session: number; readonly enrollment: number };
}

export const usualPorts = { rest: 8443, session: 8444, enrollment: 8445 } as const;

/** Writes the configuration of a coordinator and of its client; returns the two files' paths. */
export async function writeConfiguration(place: CoordinatorPlace): Promise<{ coordinator: string; client: string }> {
  const { address, directory, ports } = place;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const coordinator = join(directory, 'coordinator.yaml');
  const client = join(directory, 'drover.yaml');
  const data = join(directory, 'coordinator');
  // JSON is YAML.
  await writeFile(
    coordinator,
    toJson({
      dataDirectory: data,
      listen: {
        rest: `${address}:${ports.rest}`,
        session: `${address}:${ports.session}`,
        enrollment: `${address}:${ports.enrollment}`,
      },
      advertisedNames: [address],
    }),
  );
  await writeFile(
    client,
    toJson({ server: serverUrl(place), tokenFile: join(data, 'admin-token'), caFile: join(data, 'ca.crt') }),
  );
  return { coordinator, client };
}

/** The API's address. */
export function serverUrl({ address, ports }: CoordinatorPlace): string {
  return `https://${address}:${ports.rest}`;
}

/** Where agents enrol and keep their sessions. */
export function agentAddresses({ address, ports }: CoordinatorPlace) {
  return [{ enrollment: `${address}:${ports.enrollment}`, session: `${address}:${ports.session}` }];
}

/** Whether the coordinator has the node's session. */
export async function isConnected(drover: Drover, name: string): Promise<boolean> {
  const nodes = JSON.parse(await drover.read(['get', 'nodes', '-o', 'json'])) as { name: string; connected: boolean }[];
  return nodes.some((node) => node.name === name && node.connected);
}

/** A daemon that is about to be ready. */
export interface Awaited {
  /** For people. */
  readonly name: string;
  /** The daemon's process: when it has ended there is nothing to wait for. Absent for one that is on another host. */
  readonly pid?: number;
  /** Where to look: a file or a command. */
  readonly look: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Waits until `isReady` says so. Throws when the daemon ends or the time is over, naming what and where to look. */
export async function waitFor(daemon: Awaited, isReady: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + daemon.timeoutMs;
  while (!(await isReady())) {
    if (daemon.pid !== undefined && !existsSync(`/proc/${daemon.pid}`)) {
      throw new Error(`${daemon.name} has ended:\n${await lastLines(daemon.look)}`);
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${daemon.timeoutMs / 1_000} s for ${daemon.name} in vain; look at ${daemon.look}`);
    }
    await delay(100, undefined, { signal: daemon.signal });
  }
}

async function lastLines(log: string): Promise<string> {
  const text = await readFile(log, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-8).join('\n');
}

/** Whether this coordinator, and not another program at its address, answers its API. */
export async function isServing(place: CoordinatorPlace): Promise<boolean> {
  const ca = await readFile(join(place.directory, 'coordinator', 'ca.crt')).catch(() => undefined);
  if (ca === undefined) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get(`${serverUrl(place)}/api/v1/health`, { ca, timeout: 2_000 }, (answer) => {
    answer.resume();
    resolve(answer.statusCode === 200);
  });
  request.on('timeout', () => request.destroy());
  request.on('error', () => resolve(false));
  return await promise;
}

function toJson(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
