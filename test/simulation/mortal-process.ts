import type { Clock } from '@drover/core';
import type { VirtualTime } from './virtual-time.ts';

/** Told of every call that a process makes to the world outside it, before it is made and after it was answered. */
export type Transition = (name: string, when: 'before' | 'after') => void;

/**
 * One life of one process. Everything that it does to the world outside goes through ports that `guard` has wrapped:
 * when it is killed no call of it is answered any more and none has an effect, as if its instructions had ended there.
 * While it is stopped answers wait.
 */
export class MortalProcess {
  readonly name: string;
  readonly clock: Clock;
  readonly #time: VirtualTime;
  readonly #onTransition: Transition;
  #isAlive = true;
  #stopped: PromiseWithResolvers<void> | undefined;
  readonly #onDeath: (() => void)[] = [];
  readonly #clockOffsetMs: () => number;

  constructor(
    name: string,
    time: VirtualTime,
    options: { readonly clockOffsetMs?: () => number; readonly onTransition?: Transition } = {},
  ) {
    this.name = name;
    this.#time = time;
    this.#clockOffsetMs = options.clockOffsetMs ?? (() => 0);
    this.#onTransition = options.onTransition ?? (() => undefined);
    this.clock = {
      now: () => Math.round(time.now + this.#clockOffsetMs()),
      monotonic: () => Math.round(time.now),
      sleep: (durationMs, signal) => this.#sleep(durationMs, signal),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** SIGKILL: at once, whatever it is doing. */
  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const listener of this.#onDeath) listener();
  }

  /** SIGSTOP. */
  stop(): void {
    this.#stopped ??= Promise.withResolvers();
  }

  /** SIGCONT. */
  continue(): void {
    this.#stopped?.resolve();
    this.#stopped = undefined;
  }

  /** Called once, when the process dies. */
  onDeath(listener: () => void): void {
    this.#onDeath.push(listener);
  }

  /** An answer from outside, on its way to the process: it never arrives at a dead one, and late at a stopped one. */
  async arrive<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      const value = await answer;
      await this.#running();
      return value;
    } catch (error) {
      await this.#running();
      throw error;
    }
  }

  /**
   * The port with the process's mortality on each of its functions. `transitions` names those that change something
   * outside, as `write`: each of their calls is told before and after.
   */
  guard<Port extends object>(
    port: Port,
    options: { readonly name?: string; readonly transitions?: readonly string[] } = {},
  ): Port {
    const transitions = new Set(options.transitions ?? []);
    return new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key, target);
        if (typeof member !== 'function') return member;
        const name = transitions.has(String(key)) ? `${options.name ?? ''}.${String(key)}` : undefined;
        return (...args: readonly unknown[]) => this.#call(() => Reflect.apply(member, target, args), name);
      },
    });
  }

  /** A transition that is no call: false when the process has died in it. */
  passes(transition: string): boolean {
    if (this.#isAlive) this.#onTransition(`${this.name} ${transition}`, 'before');
    return this.#isAlive;
  }

  #call(call: () => unknown, transition: string | undefined): unknown {
    if (!this.#isAlive) return forever();
    if (transition === undefined) return this.#answer(call());
    this.#onTransition(`${this.name} ${transition}`, 'before');
    if (!this.#isAlive) return forever();
    const answer = call();
    if (!(answer instanceof Promise)) return answer;
    return this.#answer(
      answer.then((value: unknown) => {
        if (this.#isAlive) this.#onTransition(`${this.name} ${transition}`, 'after');
        return value;
      }),
    );
  }

  #answer(answer: unknown): unknown {
    if (answer instanceof Promise) return this.arrive(answer);
    if (!isAsyncIterable(answer)) return answer;
    const iterator = answer[Symbol.asyncIterator]();
    return { [Symbol.asyncIterator]: () => ({ next: () => this.arrive(iterator.next()) }) };
  }

  async #running(): Promise<void> {
    while (this.#stopped !== undefined) await this.#stopped.promise;
    if (!this.#isAlive) await forever();
  }

  #sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (!this.#isAlive) return forever();
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      let isOver = false;
      const onAbort = (): void => {
        isOver = true;
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#time.after(durationMs, () => {
        if (isOver) return;
        signal?.removeEventListener('abort', onAbort);
        void this.#running().then(resolve);
      });
    });
  }
}

/** What a dead process waits for. Nothing holds it, so that it is collected with what waits for it. */
function forever(): Promise<never> {
  return new Promise(() => undefined);
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
