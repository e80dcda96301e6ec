import type { MortalProcess } from './mortal-process.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/**
 * A disk that takes its time: what is written comes to lie on it at one instant of a write, and whoever dies before that
 * has written nothing. It outlives every process.
 */
export class Disk {
  readonly #time: VirtualTime;
  readonly #random: Random;
  isFull = false;
  /** One write, at most. */
  maximumWriteMs = 4;

  constructor(time: VirtualTime, random: Random) {
    this.#time = time;
    this.#random = random;
  }

  /** Runs `apply` at the instant of the write, unless the writer is dead by then. Throws what `full` makes when it is full. */
  async write<Result>(
    writer: MortalProcess,
    apply: () => Result | Promise<Result>,
    full: () => Error,
  ): Promise<Result> {
    await this.#pass();
    if (!writer.isAlive) return await new Promise<never>(() => undefined);
    if (this.isFull) throw full();
    const result = await apply();
    await this.#pass();
    return result;
  }

  #pass(): Promise<void> {
    return new Promise((resolve) => this.#time.after((this.#random.next() * this.maximumWriteMs) / 2, resolve));
  }
}
