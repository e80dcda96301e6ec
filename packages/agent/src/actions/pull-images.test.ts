import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DroverError } from '@drover/core';
import { createActionContext } from '../testing/action-context.ts';
import { createFakeHost, type FakeReply } from '../testing/fake-host.ts';
import { pullImages } from './pull-images.ts';

const digest = `sha256:${'a'.repeat(64)}`;

/** A Docker whose pulls answer from a list per image; what is not listed is pulled. */
function machine(options: { present?: string[]; failures?: Record<string, string[]> } = {}) {
  const present = new Set(options.present);
  let running = 0;
  let mostAtOnce = 0;
  const pulls: string[] = [];
  const docker = async (image: string): Promise<FakeReply> => {
    pulls.push(image);
    running += 1;
    mostAtOnce = Math.max(mostAtOnce, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    const failure = options.failures?.[image]?.shift();
    if (failure !== undefined) return { status: 1, stderr: `Error response from daemon: ${failure}\n` };
    present.add(image);
    return `${image}\n`;
  };
  const host = createFakeHost({
    programs: {
      docker: ({ args, change }) => {
        const image = args.at(-1) ?? '';
        if (args[0] === 'image')
          return present.has(image) ? `["x@${digest}"]\n` : { status: 1, stderr: 'No such image\n' };
        change();
        return docker(image);
      },
    },
  });
  const context = createActionContext(host);
  const ensure = async (...images: string[]) => {
    const found = await pullImages.inspect(context, { runtime: 'docker', images });
    return found.satisfied ? undefined : await pullImages.apply(context, { runtime: 'docker', images }, found);
  };
  return { ensure, pulls, context, mostAtOnce: () => mostAtOnce };
}

test('only what is missing is pulled, and reported with its digest', async () => {
  const { ensure, pulls } = machine({ present: ['pause:3.2'] });
  assert.deepEqual(await ensure('pause:3.2', 'kube-proxy:v1.20.9'), [
    { subject: 'image kube-proxy:v1.20.9', before: 'absent', after: digest },
  ]);
  assert.deepEqual(pulls, ['kube-proxy:v1.20.9']);
});

test('images are pulled side by side, three at most', async () => {
  const { ensure, mostAtOnce, pulls } = machine();
  await ensure('a', 'b', 'c', 'd', 'e', 'f', 'g');
  assert.equal(mostAtOnce(), 3);
  assert.equal(pulls.length, 7);
});

test('a registry that does not answer is registry-unreachable at once, to be tried again by the engine', async () => {
  const refused = 'Get "http://10.0.0.1:5000/v2/": dial tcp 10.0.0.1:5000: connect: connection refused';
  const { ensure, pulls } = machine({ failures: { a: [refused] } });
  await assert.rejects(ensure('a', 'b'), (error) => {
    assert.ok(error instanceof DroverError);
    assert.equal(error.code, 'registry-unreachable');
    assert.equal(error.problem.retryable, true);
    assert.match(error.problem.reason, /connection refused/);
    return true;
  });
  assert.deepEqual(pulls, ['a', 'b']);
  await ensure('a', 'b');
  assert.deepEqual(pulls, ['a', 'b', 'a'], 'the next attempt pulls what is still missing');
});

test('an image that the registry does not have is image-not-found at once, and the others are pulled all the same', async () => {
  const failures = { a: ['manifest for r/a:1 not found: manifest unknown: manifest unknown'] };
  const { ensure, pulls, context } = machine({ failures });
  await assert.rejects(ensure('a', 'b', 'c', 'd'), { code: 'image-not-found' });
  assert.deepEqual(pulls.toSorted(), ['a', 'b', 'c', 'd']);
  const left = await pullImages.inspect(context, { runtime: 'docker', images: ['a', 'b', 'c', 'd'] });
  assert.deepEqual(
    left.changes.map(({ subject }) => subject),
    ['image a'],
  );
});

test('before Docker is installed every image is absent', async () => {
  const { changes } = await pullImages.inspect(createActionContext(createFakeHost()), {
    runtime: 'docker',
    images: ['a'],
  });
  assert.deepEqual(changes, [{ subject: 'image a', before: 'absent', after: 'present' }]);
});
