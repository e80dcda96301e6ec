import type { TestContext } from 'node:test';

const stacks = new WeakMap<TestContext, AsyncDisposableStack>();

/** Has something done after the test, the latest first, and all of it even if one part fails. `t.after` does neither. */
export function cleanUp(t: TestContext, part: () => Promise<void>): void {
  let stack = stacks.get(t);
  if (stack === undefined) {
    const created = new AsyncDisposableStack();
    stacks.set(t, created);
    t.after(() => created.disposeAsync());
    stack = created;
  }
  stack.defer(part);
}
