import type { DroverError } from '@drover/core';
import type { StepInspection } from '../engine/inspect-plan.ts';
import { coordinatorErrors } from '../errors.ts';
import type { ClusterView } from '../plan/cluster-view.ts';
import { compilePlan } from '../plan/compile-plan.ts';
import type { Plan } from '../plan/plan.ts';
import type { Reachability } from '../plan/reachability.ts';
import type { Workflow } from '../plan/workflow.ts';
import type { Check, ClusterRequest, Finding } from '../preflight/check.ts';
import { allowsRun, checkSpec, checkView } from '../preflight/preflight.ts';
import type { ReachabilityRecords } from '../reachability/reachability-records.ts';
import { type UnavailableNode, unavailableError, type ViewCluster } from './cluster-views.ts';
import { type PlanReading, type PlanReadings, readingHash } from './plan-reading.ts';
import { readingDifferences } from './reading-differences.ts';

/** A dry run's result: as much as can be known now. */
export interface PlanPreview {
  readonly findings: readonly Finding[];
  /** While there are any, the specification alone was checked. */
  readonly unavailable: readonly UnavailableNode[];
  /** Absent while nodes are unavailable or findings forbid a run. */
  readonly plan?: Plan;
  /** What each step of the plan would do now, in the plan's order. */
  readonly inspections?: readonly StepInspection[];
}

/** What a run would begin with: a plan, unless findings forbid it. */
export type PreparedPlan =
  | {
      readonly allowed: true;
      readonly plan: Plan;
      readonly findings: readonly Finding[];
      /** What it was made from. */
      readonly view: ClusterView;
    }
  | {
      readonly allowed: false;
      readonly findings: readonly Finding[];
      /** While there are any, the specification alone was checked. */
      readonly unavailable: readonly UnavailableNode[];
    };

/** From a cluster as it is asked for to what would be done. Nothing here changes a machine. */
export interface Planner {
  /**
   * The dry run: never throws for what it can report. Its plan's hash covers what the nodes are like. Throws what looking at
   * the cluster throws, and `plan-changed` as `confirm` does where another hash is expected.
   */
  preview(
    cluster: ClusterRequest,
    workflow: Workflow,
    signal: AbortSignal,
    expectedHash?: string,
  ): Promise<PlanPreview>;
  /** Throws what looking at the cluster throws, and `node-not-connected` with every node that is away, when that alone stands in the way. */
  prepare(cluster: ClusterRequest, workflow: Workflow, signal: AbortSignal): Promise<PreparedPlan>;
  /** Scripts of bash by the ids of the steps that would change something; none where there is no plan. */
  explain(preview: PlanPreview, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /**
   * The prepared plan under the hash of a preview, when its nodes are as they were then. Throws `plan-changed`, with what is
   * different as far as that preview is remembered.
   */
  confirm(prepared: Extract<PreparedPlan, { allowed: true }>, hash: string, signal: AbortSignal): Promise<Plan>;
}

/** What planning is made of. */
export interface PlannerOptions {
  readonly checks: readonly Check[];
  readonly viewCluster: ViewCluster;
  /** Tries how the nodes of a view reach each other. @default nobody tries */
  readonly surveyNetwork?: (view: ClusterView, signal: AbortSignal) => Promise<Reachability>;
  /** Keeps what was found before a run. */
  readonly reachabilityRecords?: Pick<ReachabilityRecords, 'keep'>;
  /** Asks the nodes what each step would change; changes nothing. */
  readonly inspectPlan: (plan: Plan, signal: AbortSignal) => Promise<readonly StepInspection[]>;
  /** Asks the nodes what a person would type for the steps that are left; changes nothing. */
  readonly explainPlan: (
    plan: Plan,
    inspections: readonly StepInspection[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, string>>;
  readonly readings: PlanReadings;
}

/** A planner with these checks. */
export function createPlanner(options: PlannerOptions): Planner {
  const { checks, viewCluster, surveyNetwork, reachabilityRecords, inspectPlan, explainPlan, readings } = options;
  const look = async (cluster: ClusterRequest, { makesMembers = false }: Workflow, signal: AbortSignal) => {
    const result = await viewCluster(cluster, signal);
    if (!result.complete || !makesMembers || surveyNetwork === undefined) return result;
    return { ...result, view: { ...result.view, reachability: await surveyNetwork(result.view, signal) } };
  };
  const read = async (plan: Plan, view: ClusterView, signal: AbortSignal): Promise<PlanReading & { hash: string }> => {
    const inspections = await inspectPlan(plan, signal);
    return { plan, view, inspections, hash: readingHash({ plan, inspections }) };
  };
  return {
    preview: async (cluster, workflow, signal, expectedHash) => {
      const result = await look(cluster, workflow, signal);
      if (!result.complete) return { findings: checkSpec(checks, cluster), unavailable: result.unavailable };
      const findings = checkView(checks, result.view);
      if (!allowsRun(findings)) return { findings, unavailable: [] };
      const { hash, ...reading } = await read(compilePlan(workflow, result.view), result.view, signal);
      if (expectedHash !== undefined && expectedHash !== hash)
        throw planChanged(readings.find(expectedHash), expectedHash, hash, reading);
      readings.remember(hash, reading);
      const { plan, inspections } = reading;
      return { findings, unavailable: [], plan: { ...plan, hash }, inspections };
    },
    prepare: async (cluster, workflow, signal) => {
      const result = await look(cluster, workflow, signal);
      if (!result.complete) {
        const { unavailable } = result;
        const findings = checkSpec(checks, cluster);
        if (allowsRun(findings)) throw unavailableError(cluster.name, unavailable);
        return { allowed: false, findings, unavailable };
      }
      const { view } = result;
      if (view.reachability !== undefined) await reachabilityRecords?.keep(view.name, view.reachability);
      const findings = checkView(checks, view);
      if (!allowsRun(findings)) return { allowed: false, findings, unavailable: [] };
      return { allowed: true, plan: compilePlan(workflow, view), findings, view };
    },
    explain: async ({ plan, inspections = [] }, signal) =>
      plan === undefined ? new Map() : await explainPlan(plan, inspections, signal),
    confirm: async ({ plan, view }, expectedHash, signal) => {
      const { hash, ...reading } = await read(plan, view, signal);
      if (expectedHash === hash) return { ...plan, hash };
      throw planChanged(readings.find(expectedHash), expectedHash, hash, reading);
    },
  };
}

/** Names what the two plans rest upon, as far as the earlier one is still known. */
function planChanged(
  before: PlanReading | undefined,
  expectedHash: string,
  hash: string,
  now: PlanReading,
): DroverError {
  const { cluster } = now.plan;
  const faults = before === undefined ? [] : readingDifferences(before, now);
  const [first] = faults;
  const why =
    first === undefined
      ? 'what it rested upon is not known any more, as the coordinator keeps the last few plans alone'
      : `${first.path} ${first.message}`;
  return coordinatorErrors.create('plan-changed', {
    tried: `hold the plan of ${cluster} against the one that was read`,
    reason: `its plan is now ${hash}, not ${expectedHash}: ${why}`,
    faults,
  });
}
