import { type Clock, DroverError, type Logger, type Problem } from '@drover/core';
import type { ClusterRecord } from '../clusters/cluster-spec.ts';
import { type Clusters, runLockKey } from '../clusters/clusters.ts';
import { clustersOfNode } from '../clusters/clusters-of-node.ts';
import type { Engine } from '../engine/engine.ts';
import { hasEnded, type RunRecord } from '../engine/run-record.ts';
import { isoAt } from '../engine/run-transitions.ts';
import { coordinatorErrors } from '../errors.ts';
import type { Nodes } from '../inventory/nodes.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import type { NodeSessions } from '../sessions/sessions.ts';
import type { Write } from '../store/store.ts';
import { changeRejoin, forgetRejoin } from './change-rejoin.ts';
import { type RejoinMemory, rejoinMemoryKey } from './rejoin-memory.ts';
import type { RejoinRecord } from './rejoin-record.ts';
import { isRestored } from './restored-control-plane.ts';
import { mayPass, type RejoinStartOptions, startRejoin } from './start-rejoin.ts';
import { findDoubt } from './verify-rejoined.ts';

/** What a rejoin waits for. */
export interface RejoinWait {
  readonly on: string;
  /** ISO 8601. */
  readonly since: string;
  /** When it is given up, ISO 8601; absent where it is not. */
  readonly until?: string;
}

/** What the controller works with. */
export interface RejoinsOptions extends RejoinStartOptions {
  readonly clusters: Pick<Clusters, 'getGuarded' | 'list'>;
  readonly engine: Pick<Engine, 'start' | 'findStarted' | 'view' | 'cancel' | 'problem'>;
  readonly nodes: Pick<Nodes, 'get'>;
  readonly sessions: Pick<NodeSessions, 'find' | 'onChange'>;
  readonly facts: Pick<FactsGatherer, 'gather'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long a reason that may pass is waited for, where it is not a run's end or the node's connection. */
const patienceMs = 120_000;

/** How long a Node may need to show itself as the machine that it is. */
const verifyMs = 60_000;

/** What is waited for, if anything. */
export type Wait = Omit<RejoinWait, 'since'> | undefined;

/** One step further, where that can be; what it waits for otherwise. */
export async function advanceRejoin(options: RejoinsOptions, record: RejoinRecord, signal: AbortSignal): Promise<Wait> {
  if (record.state === 'done') return undefined;
  const node = await options.nodes.get(record.nodeId);
  if (node === undefined) {
    await forgetRejoin(options.store, record);
    return undefined;
  }
  // An incarnation and its rejoin are committed as one: this can only be the moment between two reads.
  if (node.incarnation !== record.incarnation) return { on: `incarnation ${record.incarnation} of the node` };
  return record.state === 'due' ? await begin(options, record, signal) : await follow(options, record, signal);
}

async function begin(options: RejoinsOptions, record: RejoinRecord, signal: AbortSignal): Promise<Wait> {
  const { sessions, clusters, births, engine, clock, logger } = options;
  const standing = engine.problem();
  if (standing !== undefined) return { on: `${standing.problem.code}: ${standing.problem.reason}` };
  const [cluster] = clustersOfNode(record.nodeName, await clusters.list());
  if (cluster === undefined) return { on: 'a stored cluster that has the node' };
  const { birth } = await births.get(cluster.name);
  if (birth === undefined) return { on: `the first run of ${cluster.name}` };
  if (sessions.find(record.nodeId)?.incarnation !== record.incarnation) return { on: 'the node to connect' };
  const holder = await findHolder(options, cluster);
  if (holder !== undefined) {
    await cancelSuperseded(options, record, holder);
    return { on: `the end of run ${holder.runId} (${holder.workflow})`, until: holder.deadlineAt };
  }
  try {
    if (await isRestored(options.facts, record, { cluster, birth }, signal)) {
      await changeRejoin(options.store, record, { ...record, state: 'done', at: isoNow(clock) });
      return undefined;
    }
    const { runId } = await startRejoin(options, record, cluster.name, signal);
    logger.info(
      { node: record.nodeName, incarnation: record.incarnation, cause: record.cause, runId },
      'a node rejoins',
    );
    await changeRejoin(options.store, record, { ...record, state: 'running', at: isoNow(clock), runId });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    const until = Date.parse(record.at) + patienceMs;
    if (mayPass(error) && (isAboutRuns(error) || clock.now() < until))
      return { on: `${error.code}: ${error.problem.reason}`, ...(isAboutRuns(error) ? {} : { until: isoAt(until) }) };
    if (!(error instanceof DroverError)) throw error;
    await block(options, record, error.problem);
    return undefined;
  }
}

/** A run that was started in the same moment is waited for as long as it takes. */
function isAboutRuns({ code }: DroverError): boolean {
  return ['run-under-way', 'node-in-use', 'node-not-connected', 'plan-changed'].includes(code);
}

async function findHolder({ store, engine }: RejoinsOptions, { name }: ClusterRecord): Promise<RunRecord | undefined> {
  const lock = (await store.get(runLockKey(name)))?.value as { readonly runId: string } | undefined;
  return lock === undefined ? undefined : (await engine.view(lock.runId)).run;
}

/** The rejoin of an older incarnation works on a disk that is not there any more. */
async function cancelSuperseded(
  { store, engine, logger }: RejoinsOptions,
  record: RejoinRecord,
  holder: RunRecord,
): Promise<void> {
  const memory = (await store.get(rejoinMemoryKey(record.nodeId)))?.value as RejoinMemory | undefined;
  if (memory === undefined || memory.idempotencyKey !== holder.idempotencyKey) return;
  if (memory.incarnation >= record.incarnation || holder.cancelRequestedAt !== undefined) return;
  logger.info({ node: record.nodeName, runId: holder.runId }, 'the node was installed anew while it rejoined');
  await engine.cancel(holder.runId);
}

/** What became of the run: also of one that had failed, and that a person went on with. */
async function follow(options: RejoinsOptions, record: RejoinRecord, signal: AbortSignal): Promise<Wait> {
  const { engine, clock } = options;
  if (record.runId === undefined) return undefined;
  const { run } = await engine.view(record.runId);
  if (!hasEnded(run)) {
    const { problem: _problem, ...rest } = record;
    if (record.state === 'blocked')
      await changeRejoin(options.store, record, { ...rest, state: 'running', at: isoNow(clock) });
    return { on: `run ${run.runId}`, until: run.deadlineAt };
  }
  if (run.state === 'succeeded') return await verify(options, record, run, signal);
  if (record.state === 'running') await block(options, record, failureOf(record, run));
  return undefined;
}

function failureOf({ nodeName }: RejoinRecord, { runId, state, problem }: RunRecord): Problem {
  return (
    problem ??
    coordinatorErrors.create('rejoin-failed', {
      tried: `bring ${nodeName} back`,
      node: nodeName,
      reason: `run ${runId} ended ${state}`,
    }).problem
  );
}

async function verify(
  options: RejoinsOptions,
  record: RejoinRecord,
  run: RunRecord,
  signal: AbortSignal,
): Promise<Wait> {
  const { store, clusters, observe, facts, clock, logger } = options;
  const { nodeId, nodeName } = record;
  const found = await clusters.getGuarded(run.cluster);
  if (found === undefined) return { on: `the cluster ${run.cluster}` };
  const memory = (await store.get(rejoinMemoryKey(nodeId)))?.value as RejoinMemory | undefined;
  const [observation, known] = await Promise.all([
    observe(found.cluster, nodeName, signal),
    facts.gather(nodeId, signal),
  ]);
  const doubt = findDoubt(nodeName, observation, known.facts, memory?.formerUid);
  if (doubt === undefined) {
    const { problem: _problem, ...rest } = record;
    const forget: Write = { kind: 'delete', key: rejoinMemoryKey(nodeId) };
    await changeRejoin(options.store, record, { ...rest, state: 'done', at: isoNow(clock) }, [forget]);
    logger.info({ node: nodeName, incarnation: record.incarnation, runId: run.runId }, 'a node is a member again');
    return undefined;
  }
  const until = Date.parse(run.finishedAt ?? record.at) + verifyMs;
  if (clock.now() < until) return { on: doubt, until: isoAt(until) };
  if (record.state === 'running') {
    const details = { tried: `see ${nodeName} in ${run.cluster}`, node: nodeName, reason: doubt };
    await block(options, record, coordinatorErrors.create('rejoin-unverified', details).problem);
  }
  return undefined;
}

async function block(options: RejoinsOptions, record: RejoinRecord, problem: Problem): Promise<void> {
  options.logger.warn({ node: record.nodeName, code: problem.code, reason: problem.reason }, 'a rejoin is blocked');
  await changeRejoin(options.store, record, { ...record, state: 'blocked', at: isoNow(options.clock), problem });
}

/** ISO 8601. */
export function isoNow(clock: Clock): string {
  return isoAt(clock.now());
}
