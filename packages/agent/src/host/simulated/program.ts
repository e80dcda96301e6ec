import type { Machine } from './machine.ts';

/** One run of a program on a simulated machine. */
export interface ProgramCall {
  /** Without the program's own name. */
  readonly args: readonly string[];
  /** Standard input; empty when there is none. */
  readonly input: string;
  readonly machine: Machine;
  /** Text on standard output, as it is. */
  readonly write: (text: string) => void;
  /** A line on standard output. */
  readonly print: (line: string) => void;
  /** A line on standard error. */
  readonly complain: (line: string) => void;
  /** Takes as long as the real program would, times the simulation's pace. Rejects when the command is ended. */
  readonly work: (durationMs: number) => Promise<void>;
}

/** Plays one program: changes the machine's files and state as the real one would, and ends with its exit status. */
export type Program = (call: ProgramCall) => Promise<number>;

/** What is asked of a program that it does not play: loudly, so that nobody takes it for done. */
export function notPlayed(call: ProgramCall, program: string): number {
  call.complain(`${program} ${call.args.join(' ')}: this is a simulated machine, and it does not play that`);
  return 64;
}

/** The values of `--name=value`, in order. */
export function optionValues(args: readonly string[], name: string): readonly string[] {
  const prefix = `--${name}=`;
  return args.filter((arg) => arg.startsWith(prefix)).map((arg) => arg.slice(prefix.length));
}

/** The arguments that are no options. */
export function operands(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !arg.startsWith('-'));
}
