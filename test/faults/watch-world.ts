import { setTimeout as delay } from 'node:timers/promises';
import { labProcesses } from '../integration/lab-processes.ts';
import { bootstrapTokens } from '../integration/secret-traces.ts';
import type { SimulatedLab } from '../integration/simulated-lab.ts';

/** Everything that there ever was in a simulated world, also what is gone again. */
export interface WorldHistory {
  /** One per `kubeadm init` that came to its effect. */
  readonly clusterCas: ReadonlySet<string>;
  /** UIDs of the Node objects by name: one per join that came to its effect. */
  readonly nodeUids: ReadonlyMap<string, ReadonlySet<string>>;
  readonly bootstrapTokens: ReadonlySet<string>;
  /** Command lines and environments in which one of these tokens was seen. */
  readonly spilt: ReadonlySet<string>;
}

const intervalMs = 40;

/** Looks again and again, faster than anything that is simulated comes and goes, until the signal aborts. */
export async function watchWorld(lab: SimulatedLab, signal: AbortSignal): Promise<WorldHistory> {
  const clusterCas = new Set<string>();
  const nodeUids = new Map<string, Set<string>>();
  const tokens = new Set<string>();
  const spilt = new Set<string>();
  const look = async (): Promise<void> => {
    const cluster = lab.world.cluster();
    if (cluster !== null) clusterCas.add(cluster.caCertificate);
    for (const { name, uid } of Object.values(cluster?.nodes ?? {}))
      nodeUids.set(name, (nodeUids.get(name) ?? new Set()).add(uid));
    for (const token of bootstrapTokens(lab)) tokens.add(token);
    for (const { command, environment } of await labProcesses(lab.directory))
      for (const token of tokens) if (`${command} ${environment}`.includes(token)) spilt.add(command);
  };
  while (!signal.aborted) {
    await look();
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
  await look();
  return { clusterCas, nodeUids, bootstrapTokens: tokens, spilt };
}
