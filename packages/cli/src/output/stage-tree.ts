import { formatDuration } from './format.ts';
import type { NodeProgress, PhaseProgress, PhaseState } from './run-board.ts';

const marks: Readonly<Record<PhaseState, string>> = {
  waiting: '·',
  running: '▸',
  done: '✓',
  failed: '✗',
  cancelled: '–',
};

/**
 * The lines of a run's stage tree: a line per phase, and below a running or failed one a line per node at work. With
 * `rows`, at most so many: what is over and what is to come is then counted only, before lines are cut off.
 */
export function stageTree(phases: readonly PhaseProgress[], nowMs: number, rows = Infinity): readonly string[] {
  const whole = phaseLines(phases, nowMs);
  if (whole.length <= rows) return whole;
  const over = phases.filter(({ state }) => state === 'done');
  const toCome = phases.filter(({ state }) => state === 'waiting');
  const atWork = phases.filter((phase) => !over.includes(phase) && !toCome.includes(phase));
  const folded = [
    ...(over.length === 0 ? [] : [`${marks.done} phases done: ${over.length}`]),
    ...phaseLines(atWork, nowMs),
    ...(toCome.length === 0 ? [] : [`${marks.waiting} phases to come: ${toCome.length}`]),
  ];
  if (folded.length <= rows) return folded;
  return [...folded.slice(0, rows - 1), `  and ${folded.length - rows + 1} lines more`];
}

function phaseLines(phases: readonly PhaseProgress[], nowMs: number): readonly string[] {
  const width = Math.max(0, ...phases.map((phase) => phase.phase.length));
  return phases.flatMap((phase) => [
    `${marks[phase.state]} ${phase.phase.padEnd(width)}  ${phaseText(phase, nowMs)}`.trimEnd(),
    ...(phase.state === 'running' || phase.state === 'failed'
      ? phase.nodes
          .filter((node) => node.current !== undefined || node.failure !== undefined)
          .map((node) => nodeLine(node, nowMs))
      : []),
  ]);
}

function phaseText(phase: PhaseProgress, nowMs: number): string {
  if (phase.startedAt === undefined || phase.state === 'waiting') return '';
  const end = phase.finishedAt === undefined ? nowMs : Date.parse(phase.finishedAt);
  const took = formatDuration(Math.max(0, end - Date.parse(phase.startedAt)));
  const changed = phase.state === 'done' && !phase.nodes.some((node) => node.changed) ? '  unchanged' : '';
  return `${took.padStart(11)}${changed}`;
}

function nodeLine(node: NodeProgress, nowMs: number): string {
  const count = `${node.done}/${node.total}`;
  if (node.current === undefined) return `    ${node.node} ${count} ${node.failure}`;
  const took = formatDuration(Math.max(0, nowMs - Date.parse(node.current.startedAt)));
  const waiting = node.current.waitingOn === undefined ? '' : `, waiting for ${node.current.waitingOn}`;
  return `    ${node.node} ${count} ${node.current.action} ${took}${waiting}`;
}
