/** One fault of an input: where it is, what is wrong and, where it can be guessed, what was meant. */
export interface Fault {
  /** The place in the document, as in `spec.nodes[1].role`. */
  readonly path: string;
  readonly message: string;
  /** Counted from 1; absent when the input has no text. */
  readonly line?: number;
  readonly column?: number;
  readonly suggestion?: string;
}

/** What one error code means everywhere: an entry of a daemon's error table. */
export interface ErrorEntry {
  /** HTTP status of the answer that carries it. */
  readonly status: number;
  /** gRPC status, by name. */
  readonly grpc: GrpcStatus;
  /** Whether the same call may succeed later without anyone changing anything. */
  readonly retryable: boolean;
  /** Whether a person has to look before anything is tried again: a step that fails so is blocked. @default false */
  readonly blocks?: true;
  /** The constant part of the message: one clause, no variables. */
  readonly title: string;
  /** What the reader does next, unless the place that raises it knows better. */
  readonly remedy: string;
}

/** The gRPC statuses that error tables use. */
export type GrpcStatus =
  | 'INVALID_ARGUMENT'
  | 'UNAUTHENTICATED'
  | 'PERMISSION_DENIED'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'FAILED_PRECONDITION'
  | 'ABORTED'
  | 'CANCELLED'
  | 'DEADLINE_EXCEEDED'
  | 'RESOURCE_EXHAUSTED'
  | 'UNAVAILABLE'
  | 'UNIMPLEMENTED'
  | 'INTERNAL';

/** What is particular to one occurrence of an error. */
export interface ErrorDetails {
  /** What was tried, as a clause: "join worker-1 to the cluster". */
  readonly tried: string;
  /** The node concerned, by name. */
  readonly node?: string;
  /** Why it failed, with the values that matter. */
  readonly reason: string;
  /** Replaces the table's remedy where more is known. */
  readonly remedy?: string;
  /** Lines that prove the reason: the end of a command's output, a file's content. Never a secret. */
  readonly evidence?: readonly string[];
  readonly faults?: readonly Fault[];
  readonly cause?: unknown;
}

/** An error as it crosses a wire or is stored: problem+json's members without the HTTP ones. */
export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly tried: string;
  readonly node?: string;
  readonly reason: string;
  readonly remedy: string;
  readonly retryable: boolean;
  /** A person has to look before anything is tried again. */
  readonly blocks?: true;
  readonly evidence: readonly string[];
  readonly faults: readonly Fault[];
}

/** The only error that Drover raises on purpose. Callers branch on `code`, people read `message`. */
export class DroverError extends Error {
  override readonly name = 'DroverError';
  readonly code: string;
  readonly entry: ErrorEntry;
  readonly problem: Problem;

  constructor(code: string, entry: ErrorEntry, details: ErrorDetails) {
    const problem = toProblemFields(code, entry, details);
    super(describeProblem(problem), { cause: details.cause });
    this.code = code;
    this.entry = entry;
    this.problem = problem;
  }
}

/** A daemon's way of raising errors: `errors.raise('code', …)` accepts the codes of its own table only. */
export interface Errors<Code extends string> {
  readonly table: Readonly<Record<Code, ErrorEntry>>;
  /** Makes the error; the caller throws it. */
  create(code: Code, details: ErrorDetails): DroverError;
}

/** Binds an error table. A code's entry is looked up once, here: there is no other way to make a DroverError. */
export function defineErrors<Code extends string>(table: Readonly<Record<Code, ErrorEntry>>): Errors<Code> {
  return { table, create: (code, details) => new DroverError(code, table[code], details) };
}

/** One line for people: what was tried, where, why it failed, what to do. */
export function describeProblem(problem: Problem): string {
  const place = problem.node === undefined ? '' : ` on ${problem.node}`;
  return `${problem.title} (${problem.code}): tried to ${problem.tried}${place}: ${problem.reason}. ${problem.remedy}`;
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function toProblemFields(code: string, entry: ErrorEntry, details: ErrorDetails): Problem {
  return {
    code,
    title: entry.title,
    tried: details.tried,
    ...(details.node === undefined ? {} : { node: details.node }),
    reason: details.reason,
    remedy: details.remedy ?? entry.remedy,
    retryable: entry.retryable,
    ...(entry.blocks === undefined ? {} : { blocks: entry.blocks }),
    evidence: details.evidence ?? [],
    faults: details.faults ?? [],
  };
}
