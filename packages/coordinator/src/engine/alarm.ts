/** Lets a loop sleep until something happens. */
export class Alarm {
  #wake: () => void = () => undefined;

  /** Ends the present wait; without one it does nothing. */
  ring(): void {
    this.#wake();
  }

  /** Resolves when the alarm rings. */
  async wait(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    await promise;
  }
}
