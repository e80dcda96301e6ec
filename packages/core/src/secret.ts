import { inspect } from 'node:util';

/**
 * A value that cannot be printed by accident: string conversion, JSON, util.inspect and loggers show `[secret]`.
 * `reveal()` is the one way to the value, so that a search for it finds every use.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
