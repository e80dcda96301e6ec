import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { MortalProcess } from './mortal-process.ts';
import { VirtualTime } from './virtual-time.ts';

/** A process that writes twice, and what was written. */
function start() {
  const time = new VirtualTime(0);
  const written: string[] = [];
  const transitions: string[] = [];
  let onTransition = (_name: string): void => undefined;
  const process = new MortalProcess('writer', time, {
    onTransition: (name, when) => {
      transitions.push(`${when} ${name}`);
      onTransition(`${when} ${name}`);
    },
  });
  const port = { write: async (text: string) => void written.push(text) };
  const disk = process.guard(port, { name: 'disk', transitions: ['write'] });
  const run = async (): Promise<void> => {
    await disk.write('first');
    await process.clock.sleep(1_000);
    await disk.write('second');
  };
  void run();
  return {
    ...{ time, process, written, transitions },
    dieAt: (transition: string) => {
      onTransition = (name) => {
        if (name === transition) process.kill();
      };
    },
  };
}

suite('a mortal process', () => {
  test('lives, and each of its calls is told before and after', async () => {
    const { time, written, transitions } = start();
    await time.passUntil(2_000);
    assert.deepEqual(written, ['first', 'second']);
    assert.equal(
      transitions.join(),
      'before writer disk.write,after writer disk.write,before writer disk.write,after writer disk.write',
    );
  });

  test('killed while it sleeps, does nothing any more', async () => {
    const { time, written, process } = start();
    await time.passUntil(500);
    process.kill();
    await time.passUntil(2_000);
    assert.deepEqual(written, ['first']);
  });

  test('killed before a call has no effect by it; killed after it, has', async () => {
    const before = start();
    await before.time.passUntil(500);
    before.dieAt('before writer disk.write');
    await before.time.passUntil(2_000);
    assert.deepEqual(before.written, ['first']);
    const after = start();
    await after.time.passUntil(500);
    after.dieAt('after writer disk.write');
    await after.time.passUntil(2_000);
    assert.deepEqual(after.written, ['first', 'second']);
    assert.equal(after.process.isAlive, false);
  });

  test('stopped, goes on when it is continued, and not before', async () => {
    const { time, written, process } = start();
    await time.passUntil(500);
    process.stop();
    await time.passUntil(5_000);
    assert.deepEqual(written, ['first']);
    process.continue();
    await time.passUntil(5_001);
    assert.deepEqual(written, ['first', 'second']);
  });
});
