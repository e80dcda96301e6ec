import { readFile } from 'node:fs/promises';
import { serviceLog } from '@drover/lab';
import { lab } from '../quick-start.ts';

/** A line of the coordinator's log about a node. */
export interface NodeLogLine {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly msg: string;
  readonly node: string;
  /** Of a claim: what was told to its machine. */
  readonly reason?: string;
}

/** What the coordinator has said of a node since an instant, the earliest first: what lasted for a moment only is there too. */
export async function nodeLog(node: string, sinceMs: number): Promise<readonly NodeLogLine[]> {
  const text = await readFile(serviceLog(lab, 'coordinator'), 'utf8');
  const lines = text.split('\n').filter((line) => line.startsWith('{') && line.endsWith('}'));
  return lines
    .map((line) => JSON.parse(line) as NodeLogLine)
    .filter((line) => line.node === node && line.time >= sinceMs);
}

/** The first line whose reason is such, with what stands in the pattern's groups. */
export function findReason(
  lines: readonly NodeLogLine[],
  pattern: RegExp,
): { readonly line: NodeLogLine; readonly groups: readonly string[] } | undefined {
  for (const line of lines) {
    const match = pattern.exec(line.reason ?? '');
    if (match !== null) return { line, groups: match.slice(1) };
  }
  return undefined;
}
