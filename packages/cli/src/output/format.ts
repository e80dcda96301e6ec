import { stringify } from 'yaml';

/** How data is shown: `table` and `wide` for people, `json` and `yaml` for programs. */
export type OutputFormat = 'table' | 'wide' | 'json' | 'yaml';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  /** `nowMs` is the reader's time, for ages. */
  readonly value: (row: Row, nowMs: number) => string;
  /** Shown with `-o wide` only. @default false */
  readonly wideOnly?: boolean;
}

/** How rows are shown, and when. */
export interface TableOptions {
  readonly format: OutputFormat;
  readonly nowMs: number;
}

/** The rows in the wanted format, with a line break at the end. JSON and YAML show whole documents, not columns. */
export function formatRows<Row>(rows: readonly Row[], columns: readonly Column<Row>[], options: TableOptions): string {
  const { format, nowMs } = options;
  if (format === 'json' || format === 'yaml') return formatDocument(rows, format);
  const shown = columns.filter((column) => format === 'wide' || column.wideOnly !== true);
  const lines = [
    shown.map((column) => column.title),
    ...rows.map((row) => shown.map((column) => column.value(row, nowMs))),
  ];
  const widths = shown.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, index) => cell.padEnd(widths[index] ?? 0))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** One document as JSON or YAML; people's formats get YAML. */
export function formatDocument(document: unknown, format: OutputFormat): string {
  return format === 'json' ? `${JSON.stringify(document, null, 2)}\n` : stringify(document);
}

/** A duration as people say it: 850 ms, 12.3 s, 2 min 05 s. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 60_000) return `${(durationMs / 1_000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** How long ago an instant is, in its largest unit: 12 s, 5 min, 3 h, 2 d. Clocks differ: what is to come counts as now. */
export function formatAge(at: string, nowMs: number): string {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(at)) / 1_000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
