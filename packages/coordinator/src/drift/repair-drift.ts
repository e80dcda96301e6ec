import { DroverError, messageOf } from '@drover/core';
import type { ClusterBirths } from '../clusters/cluster-birth.ts';
import { type Clusters, runLockKey } from '../clusters/clusters.ts';
import type { Engine } from '../engine/engine.ts';
import { hasEnded, type RunRecord } from '../engine/run-record.ts';
import { isoAt } from '../engine/run-transitions.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import type { Check } from '../preflight/check.ts';
import { checkView } from '../preflight/preflight.ts';
import { type RejoinRecord, rejoinKey } from '../rejoin/rejoin-record.ts';
import { unavailableError, type ViewCluster } from '../runs/cluster-views.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import type { NodeSessions } from '../sessions/sessions.ts';
import type { Store, Write } from '../store/store.ts';
import { repairableChecks, repairNode } from '../workflows/repair-node.ts';
import { type FindingRecord, findingKey } from './finding-record.ts';
import type { KnownView } from './known-view.ts';
import { driftingNodes, judgeRepair, mostDriftingNodes, recentRepairs } from './repair-rules.ts';

/** What a repair is begun with. */
export interface RepairOptions {
  readonly store: Store;
  readonly clusters: Pick<Clusters, 'getGuarded'>;
  readonly births: Pick<ClusterBirths, 'get'>;
  readonly engine: Pick<Engine, 'start' | 'findStarted' | 'view' | 'problem'>;
  readonly sessions: Pick<NodeSessions, 'find'>;
  readonly gatherer: Pick<FactsGatherer, 'gather'>;
  readonly viewCluster: ViewCluster;
  readonly checks: readonly Check[];
  readonly clock: { readonly now: () => number };
}

/** A cluster with what was found on its members. */
export interface Drifted extends KnownView {
  readonly findings: readonly FindingRecord[];
}

/** These are mended only by a run of their own: bringing up leaves them as they are, and says so. */
const ownRepairs: ReadonlySet<string> = new Set(['kubelet-running', 'installed-version']);

/** What these do to a runtime's configuration they do to its cgroup driver as well. */
const runtimeActions: ReadonlySet<string> = new Set(['configure-docker', 'configure-containerd']);

/** Whether a run is to mend it: that is wanted, and it can. Some rules of a check ask for a person. */
function isForRuns({ policy, check, fixedBy }: FindingRecord): boolean {
  return policy === 'repair' && repairableChecks.has(check) && (fixedBy !== undefined || ownRepairs.has(check));
}

/** Whether it stands, and a run is to mend it. */
export function isToBeMended(finding: FindingRecord): boolean {
  return finding.resolvedAt === undefined && isForRuns(finding);
}

/**
 * Begins a run for one node, where the cluster file lets one mend what was found on it, and writes down why nothing is begun
 * for the others. One at a time in a cluster, and none while another run has it. Throws what planning and starting throw.
 */
export async function repairDrift(options: RepairOptions, drifted: Drifted, signal: AbortSignal): Promise<void> {
  const { store, clock, engine } = options;
  const { view, findings } = drifted;
  const toMend = findings.filter(isForRuns);
  const standing = toMend.filter(isToBeMended);
  if (standing.length === 0 || engine.problem() !== undefined) return;
  if ((await store.get(runLockKey(view.name))) !== undefined) return;
  const now = clock.now();
  const drifting = driftingNodes(toMend, now);
  const most = mostDriftingNodes(view.spec.nodes.length);
  const crowd =
    drifting.size > most
      ? { because: `${drifting.size} nodes drift at once: more than ${most} are no accident` }
      : undefined;
  const heldBack = otherDriverNodes(options, drifted);
  const ready: FindingRecord[] = [];
  const notes: Write[] = [];
  for (const finding of standing) {
    const verdict = crowd ?? driverVerdict(finding, heldBack) ?? (await judge(options, drifted, finding, signal));
    if (verdict === 'now') ready.push(finding);
    else if (verdict !== 'soon' && verdict.because !== finding.unrepaired)
      notes.push(put({ ...finding, unrepaired: verdict.because }));
  }
  if (notes.length > 0) await store.commit(notes);
  const node = ready[0]?.node;
  if (node !== undefined)
    await begin(
      options,
      view.name,
      ready.filter((each) => each.node === node),
      signal,
    );
}

/** Why it is left where the same step would change the cgroup driver that a node's pods live by. */
function driverVerdict({ node = '', fixedBy }: FindingRecord, nodes: ReadonlySet<string>) {
  if (!nodes.has(node) || fixedBy === undefined || !runtimeActions.has(fixedBy)) return undefined;
  return { because: 'it would change the cgroup driver of the runtime too, and orphan the node’s pods' };
}

/** The members that live by another cgroup driver than the cluster file's: whether it is changed, a person decides. */
function otherDriverNodes({ checks }: RepairOptions, { view }: KnownView): ReadonlySet<string> {
  const found = checkView(
    checks.filter(({ id }) => id === 'cgroup-driver'),
    view,
  );
  return new Set(found.filter(({ rule }) => rule === 'memberDiffers').flatMap(({ node }) => node ?? []));
}

/** Whether a run may mend it now, or soon, or why not. */
async function judge(
  { engine, sessions, gatherer, store, clock }: RepairOptions,
  { view, seenAt }: KnownView,
  { node = '', repairs }: FindingRecord,
  signal: AbortSignal,
): Promise<'now' | 'soon' | { readonly because: string }> {
  const member = view.nodes.find(({ spec }) => spec.name === node);
  if (member === undefined || sessions.find(member.nodeId) === undefined) return { because: 'the node is away' };
  const rejoin = (await store.get(rejoinKey(member.nodeId)))?.value as RejoinRecord | undefined;
  if (rejoin !== undefined && rejoin.state !== 'done') return { because: 'the node is to rejoin' };
  const last = recentRepairs(repairs, clock.now()).at(-1);
  const run = last === undefined ? undefined : await findRun(engine, last.runId);
  if (run !== undefined && !hasEnded(run)) return 'soon';
  // What is known may be from before the run's end: the node says by itself what has become of it.
  if (run?.finishedAt !== undefined && run.finishedAt >= (seenAt.get(node) ?? '')) {
    await gatherer.gather(member.nodeId, signal);
    return 'soon';
  }
  const verdict = judgeRepair({ repairs }, clock.now());
  return verdict.may ? 'now' : verdict;
}

/** Undefined for a run that is forgotten by now. */
async function findRun(engine: RepairOptions['engine'], runId: string): Promise<RunRecord | undefined> {
  try {
    return (await engine.view(runId)).run;
  } catch (error) {
    if (error instanceof DroverError && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** From what is so now: what is known may be a minute old. */
async function begin(
  options: RepairOptions,
  cluster: string,
  findings: readonly FindingRecord[],
  signal: AbortSignal,
): Promise<void> {
  const { store, clusters, births, engine, viewCluster, checks, clock } = options;
  const [first] = findings;
  const found = await clusters.getGuarded(cluster);
  if (first?.node === undefined || found === undefined) return;
  const { node } = first;
  const born = await births.get(cluster);
  try {
    const result = await viewCluster({ ...found.cluster, targets: [node] }, signal);
    if (!result.complete) throw unavailableError(cluster, result.unavailable);
    const present = checkView(checks, result.view);
    const still = findings.filter(({ check, rule }) =>
      present.some((each) => each.check === check && each.rule === rule),
    );
    if (still.length === 0) return;
    const plan = compilePlan(repairNode([...new Set(still.map(({ check }) => check))]), result.view);
    // The same finding after as many repairs is the same request: a death in between begins nothing twice.
    const idempotencyKey = `repair ${still.map((each) => `${findingKey(each)} ${each.since} ${each.repairs.length}`).join(' ')}`;
    const run = await engine.start(plan, { idempotencyKey, guards: [found.guard, born.guard] });
    const note = { runId: run.runId, at: isoAt(clock.now()) };
    await store.commit(
      still.map(({ unrepaired: _unrepaired, repairs, ...each }) =>
        put({ ...each, repairs: [...recentRepairs(repairs, clock.now()), note] }),
      ),
    );
  } catch (error) {
    signal.throwIfAborted();
    const unrepaired = messageOf(error);
    const changed = findings.filter((each) => each.unrepaired !== unrepaired);
    if (changed.length > 0) await store.commit(changed.map((each) => put({ ...each, unrepaired })));
    throw error;
  }
}

function put(finding: FindingRecord): Write {
  return { kind: 'put', key: findingKey(finding), value: finding };
}
