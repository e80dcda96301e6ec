import { canonicalJson, type Fault } from '@drover/core';
import type { Facts } from '@drover/proto';
import type { StepInspection } from '../engine/inspect-plan.ts';
import type { NodeView } from '../plan/cluster-view.ts';
import type { Plan } from '../plan/plan.ts';
import type { PlanReading } from './plan-reading.ts';

/** What is shown of a value. */
const maximumText = 160;

/**
 * What makes a plan another one than it was read: each fact that changed on a node whose steps would do something else now,
 * then those steps. `worker-1: swap.active` — `was [], is ["/dev/vda2"]`.
 */
export function readingDifferences(read: PlanReading, now: PlanReading): readonly Fault[] {
  const steps = stepDifferences(read, now);
  const nodes = new Set(steps.map(({ node }) => node));
  const facts = now.view.nodes
    .filter(({ spec }) => nodes.has(spec.name))
    .flatMap((node) => {
      const before = read.view.nodes.find(({ spec }) => spec.name === node.spec.name);
      return before === undefined ? [] : factDifferences(before, node);
    });
  return [...facts, ...steps.map(({ path, message }) => ({ path, message }))];
}

function factDifferences(read: NodeView, now: NodeView): readonly Fault[] {
  const name = now.spec.name;
  if (read.nodeId !== now.nodeId || read.incarnation !== now.incarnation)
    return [
      { path: `${name}: incarnation`, message: `was ${read.incarnation}, is ${now.incarnation}: it was enrolled anew` },
    ];
  const [before, after] = [flatten(stillFacts(read.facts)), flatten(stillFacts(now.facts))];
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => ({
      path: `${name}: ${path}`,
      message: `was ${shown(before.get(path))}, is ${shown(after.get(path))}`,
    }));
}

/** Without what moves by itself, as the agent's digest of its facts leaves it out. */
function stillFacts(facts: Facts): object {
  const { gatheredAt: _gatheredAt, clock: _clock, ...rest } = facts;
  const { uptimeSeconds: _uptime, ...host } = facts.host;
  const { availableBytes: _available, ...memory } = facts.memory;
  const disks = facts.disks.map(({ availableBytes: _free, ...disk }) => disk);
  return { ...rest, host, memory, disks };
}

/** Each leaf by its path; a list is one leaf, as people read it. */
function flatten(value: object, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(value).flatMap(([key, member]): [string, string][] => {
      const path = prefix === '' ? key : `${prefix}.${key}`;
      const isRecord = typeof member === 'object' && member !== null && !Array.isArray(member);
      return isRecord ? [...flatten(member as object, path)] : [[path, asText(member)]];
    }),
  );
}

/** A list of things with a path is told by their paths: swap devices are. */
function asText(value: unknown): string {
  if (!Array.isArray(value)) return canonicalJson(value ?? null);
  const paths = value.map((item: unknown) => (hasPath(item) && Object.keys(item).length <= 3 ? item.path : undefined));
  return paths.every((path) => path !== undefined) ? `[${paths.join(', ')}]` : canonicalJson(value);
}

function hasPath(item: unknown): item is { readonly path: string } {
  return typeof item === 'object' && item !== null && 'path' in item && typeof item.path === 'string';
}

function shown(text: string | undefined): string {
  if (text === undefined) return 'not known';
  return text.length > maximumText ? `${text.slice(0, maximumText)}…` : text;
}

interface StepDifference extends Fault {
  readonly node: string;
}

function stepDifferences(read: PlanReading, now: PlanReading): readonly StepDifference[] {
  const before = stepsById(read);
  const after = stepsById(now);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id): StepDifference[] => {
    const [was, is] = [before.get(id), after.get(id)];
    const difference = (node: string, message: string): StepDifference[] => [{ path: id, message, node }];
    if (was === undefined) return difference(is?.step.node ?? '', 'was no step of the plan, and is one now');
    if (is === undefined) return difference(was.step.node, 'was a step of the plan, and is none now');
    if (canonicalJson(was.step) !== canonicalJson(is.step)) return difference(is.step.node, 'has other parameters now');
    const [outlookWas, outlookIs] = [outlook(was.inspection), outlook(is.inspection)];
    if (outlookWas === outlookIs) return [];
    return difference(is.step.node, `was: ${shown(outlookWas)}; is: ${shown(outlookIs)}`);
  });
}

function stepsById({ plan, inspections }: PlanReading) {
  const byId = new Map(inspections.map((inspection) => [inspection.stepId, inspection]));
  return new Map(plan.steps.map((step: Plan['steps'][number]) => [step.id, { step, inspection: byId.get(step.id) }]));
}

/** What a step would do, on one line. */
function outlook(inspection: StepInspection | undefined): string {
  if (inspection === undefined) return 'not looked at';
  if (inspection.problem !== undefined) return inspection.problem.code;
  if (inspection.isOpen === true) return 'not known before earlier steps are done';
  if (inspection.satisfied) return 'nothing to change';
  return inspection.changes
    .map(({ subject, before, after }) => `${subject}: ${before} → ${after}`.replaceAll('\n', ' '))
    .join('; ');
}
