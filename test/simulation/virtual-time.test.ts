import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { VirtualTime } from './virtual-time.ts';

suite('virtual time', () => {
  test('timers go off in the order of their instants, and of one instant in the order in which they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 }), async (delays) => {
        const time = new VirtualTime(0);
        const wentOff: [dueAt: number, order: number][] = [];
        for (const [order, delay] of delays.entries()) time.after(delay, () => wentOff.push([time.now, order]));
        await time.passUntil(10);
        const expected = delays.map((delay, order) => [delay, order]).toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
        assert.deepEqual(wentOff, expected);
        assert.equal(time.now, 10);
      }),
      { numRuns: 50 },
    );
  });

  test('what a timer brings about is over before time goes on', async () => {
    const time = new VirtualTime(0);
    const seen: number[] = [];
    time.after(1, () => {
      void Promise.resolve()
        .then(() => undefined)
        .then(() => seen.push(time.now));
    });
    time.after(2, () => seen.push(time.now));
    await time.passUntil(3);
    assert.deepEqual(seen, [1, 2]);
  });
});
