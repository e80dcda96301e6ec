import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, generateKeyPair, Secret } from '@drover/core';
import { createSimulatedHost } from '../host/simulated/simulated-host.ts';
import { openWorld, type World } from '../host/simulated/world/world.ts';
import type { ActionContext } from '../operations/run-action.ts';
import type { Snapshot } from './action-conformance.ts';
import { createActionContext } from './action-context.ts';

/** Bare simulated machines that share a world, each with what an action is given. */
export interface SimulatedSite {
  /** The context of one machine's actions. Throws when there is no such machine. */
  context(name: string): ActionContext;
  /** What the machines share: a test takes a registry away. */
  readonly world: World;
  /** Every file of every machine and of the world, but for the record of commands. */
  readonly snapshot: Snapshot;
  remove(): Promise<void>;
}

/** Makes machines of these names, which go by the given clock, as their actions do. What is minted is handed on unsealed. */
export async function createSimulatedSite(names: readonly string[], clock: Clock): Promise<SimulatedSite> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-site-'));
  const recipient = generateKeyPair();
  const contexts = new Map<string, ActionContext>();
  for (const [i, nodeName] of names.entries()) {
    const machine = { directory: join(folder, nodeName), hostname: 'bare', address: `10.213.0.${11 + i}`, pace: 0 };
    const host = await createSimulatedHost({ ...machine, clock });
    contexts.set(
      nodeName,
      createActionContext(host, {
        clock,
        nodeName,
        open: async (sealed) => new Secret(Buffer.from(sealed).toString('utf8')),
        verifyRecipient: () => recipient.publicKey,
      }),
    );
  }
  return {
    context: (name) => contexts.get(name) ?? noMachine(name),
    world: openWorld(join(folder, 'world')),
    snapshot: () => readTree(folder),
    remove: () => rm(folder, { recursive: true }),
  };
}

function noMachine(name: string): never {
  throw new RangeError(`this site has no machine ${name}`);
}

async function readTree(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== 'commands.jsonl')
    .map((entry) => join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((path) => readFile(path, 'utf8')));
  return new Map(files.toSorted((a, b) => (a < b ? -1 : 1)).map((path) => [path, contents[files.indexOf(path)] ?? '']));
}
