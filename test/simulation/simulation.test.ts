import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { replayCommand, runCase } from './cases.ts';
import { allCrashPoints, recordTransitions } from './crash-points.ts';
import { findViolation } from './find-violation.ts';
import { guardNames, guardsWithout } from './guards.ts';
import { regressions } from './regressions.ts';
import { simulate } from './simulate.ts';
import { createSurroundings } from './surroundings.ts';

Error.stackTraceLimit = 0;
const surroundings = await createSurroundings();

suite('simulation', () => {
  test('a seed is a history: the same one twice, byte for byte, and another one for another seed', async () => {
    const [first, again, other] = [
      await simulate(surroundings, guardsWithout(), { seed: 7 }),
      await simulate(surroundings, guardsWithout(), { seed: 7 }),
      await simulate(surroundings, guardsWithout(), { seed: 8 }),
    ];
    assert.equal(first.hash, again.hash);
    assert.notEqual(first.hash, other.hash);
    assert.deepEqual(first.trace, again.trace);
  });

  test('nothing goes wrong in a dozen histories', async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const { violations } = await simulate(surroundings, guardsWithout(), { seed });
      assert.deepEqual(violations, [], `seed ${seed}`);
    }
  });

  test('a bring-up passes hundreds of transitions, of every kind', async () => {
    const transitions = await recordTransitions(surroundings, guardsWithout());
    for (const kind of [
      /coordinator-\d+ store\.commit/,
      /agent-\d+ journal\.write/,
      /agent-\d+ units\.begin/,
      /unit-\d+ host\.run/,
      /coordinator-\d+ sends request/,
      /coordinator-\d+ sends acknowledged/,
      /agent-\d+ sends result/,
    ])
      assert.ok(
        transitions.some((transition) => kind.test(transition)),
        `none is ${kind}`,
      );
    assert.ok(allCrashPoints(transitions).length > 2_000);
  });

  for (const name of guardNames) {
    test(`without ${name} a violation shows, and with it the same history has none`, async () => {
      const finding = await findViolation(surroundings, name);
      assert.ok(finding, `nobody would notice if ${name} were missing`);
      const guarded = { ...finding.found, without: undefined };
      assert.deepEqual((await runCase(surroundings, guarded)).violations, [], replayCommand(guarded));
    });
  }

  for (const { cause, kept } of regressions) {
    test(`kept: ${cause}`, async () => {
      assert.deepEqual((await runCase(surroundings, kept)).violations, [], replayCommand(kept));
    });
  }
});
