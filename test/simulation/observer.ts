/** Something that must never happen, and happened. */
export interface Violation {
  /** Of durable-execution: `I1`. */
  readonly invariant: string;
  readonly what: string;
}

/** What one simulated history was like: its trace, and what in it must not have happened. */
export class Observer {
  readonly violations: Violation[] = [];
  readonly #lines: string[] = [];
  readonly #now: () => number;
  readonly #startedAt: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#startedAt = now();
  }

  /** One line per event, with the virtual time since the beginning. */
  get trace(): readonly string[] {
    return this.#lines;
  }

  note(who: string, what: string): void {
    const seconds = ((this.#now() - this.#startedAt) / 1000).toFixed(3).padStart(9);
    this.#lines.push(`${seconds}  ${who.padEnd(18)} ${what}`);
  }

  violate(invariant: string, what: string): void {
    if (this.violations.some((each) => each.invariant === invariant && each.what === what)) return;
    this.violations.push({ invariant, what });
    this.note('VIOLATION', `${invariant}: ${what}`);
  }
}
