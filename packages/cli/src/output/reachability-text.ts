import type { LinkResource, ReachabilityResource } from '../client/reachability-resource.ts';
import { findingLines } from './finding-text.ts';
import { formatAge, formatDuration, formatRows } from './format.ts';
import { wrapProblemLine } from './problem-text.ts';

/** Of so many nodes a table still fits a screen. */
const tableNodes = 10;

/** As a cell shows them; the others are shown with their port. */
const fineStates: readonly string[] = ['reached', 'in-use', 'unmeasured'];

/**
 * Who reaches whom, as people read it: a table of a few nodes, and of many the ways alone on which something is wrong; then what to
 * do. `nowMs` is the reader's time.
 */
export function reachabilityText(found: ReachabilityResource, { nowMs, columns }: ReachabilityTextOptions): string {
  const table = found.nodes.length <= tableNodes ? matrixText(found, nowMs) : faultText(found.links);
  const away = found.unsurveyed.map(({ node, reason }) => `${node}: not surveyed, ${reason}`);
  const findings = findingLines(found.findings).map((line) => wrapProblemLine(line, columns));
  return [summary(found, nowMs), '', ...table, ...section(away), ...section(findings), ''].join('\n');
}

/** For whom and when. */
export interface ReachabilityTextOptions {
  readonly nowMs: number;
  readonly columns?: number | undefined;
}

function summary({ cluster, nodes, links, surveyedAt, durationMs }: ReachabilityResource, nowMs: number): string {
  const ports = links.reduce((sum, link) => sum + link.ports.length, 0);
  const wrong = links.filter((link) => faultsOf(link).length > 0).length;
  const verdict = wrong === 0 ? 'every one as it should be' : `${wrong} of them not as they should be`;
  const latencies = links.flatMap(({ latencyMs }) => latencyMs ?? []).toSorted((a, b) => a - b);
  const [median, slowest] = [latencies[Math.floor(latencies.length / 2)], latencies.at(-1)];
  const times =
    median === undefined || slowest === undefined
      ? ''
      : `; a round trip takes ${latency(median)}, ${latency(slowest)} at most`;
  return `${cluster}: ${nodes.length} nodes, ${links.length} ways with ${ports} ports, ${verdict}${times} (${formatAge(surveyedAt, nowMs)} ago, in ${formatDuration(durationMs)})`;
}

function matrixText({ nodes, links }: ReachabilityResource, nowMs: number): readonly string[] {
  const cell = (from: string, to: string): string => {
    if (from === to) return '-';
    const link = links.find((each) => each.from === from && each.to === to);
    if (link === undefined) return '.';
    const [first, ...others] = faultsOf(link);
    if (first === undefined) return link.latencyMs === null ? 'ok' : latency(link.latencyMs);
    return others.length === 0 ? first : `${first} +${others.length}`;
  };
  const shown = [
    { title: 'FROM', value: ({ name }: { readonly name: string }) => name },
    ...nodes.map(({ name }) => ({ title: name, value: (from: { readonly name: string }) => cell(from.name, name) })),
  ];
  return formatRows(nodes, shown, { format: 'table', nowMs }).trimEnd().split('\n');
}

function faultText(links: readonly LinkResource[]): readonly string[] {
  return links.flatMap((link) => faultsOf(link).map((fault) => `${link.from} > ${link.to}: ${fault}`));
}

/** What is wrong with a way, in short. */
function faultsOf({ ports, mtuBytes, interfaceMtuBytes }: LinkResource): readonly string[] {
  const wrong = ports.filter(({ state }) => !fineStates.includes(state));
  const isNarrow = mtuBytes !== null && interfaceMtuBytes !== null && mtuBytes < interfaceMtuBytes;
  return [
    ...wrong.map(
      ({ port, protocol, state, answeredBy }) =>
        `${port}/${protocol} ${answeredBy === null ? state : `is ${answeredBy}`}`,
    ),
    ...(isNarrow ? [`${mtuBytes} of ${interfaceMtuBytes} bytes`] : []),
  ];
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}

function latency(durationMs: number): string {
  return `${durationMs.toFixed(durationMs < 10 ? 1 : 0)} ms`;
}
