import { DroverError } from '@drover/core';
import type { Change } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import type { ApplyContext, EnsureAction } from './action.ts';
import { classifyPullFailure } from './images/classify-pull-failure.ts';
import { type ImageStore, imageStores } from './images/image-store.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { command } from './shell/quote.ts';

const parallelPulls = 3;

/** Images in the runtime's store under exactly these references; what was pulled is reported with its digest. */
export const pullImages: EnsureAction<'pull-images'> = {
  kind: 'ensure',
  name: 'pull-images',
  inspect: async ({ host, nodeName }, { images, runtime }) => {
    rejectFaults('pull-images', nodeName, [
      ...faultUnless(
        ['', 'docker', 'containerd'].includes(runtime),
        'runtime',
        `is neither docker nor containerd: "${runtime}"`,
      ),
      ...images.flatMap((image, i) =>
        faultUnless(/^[A-Za-z0-9][\w./:@-]*$/.test(image), `images[${i}]`, `is no image reference: "${image}"`),
      ),
    ]);
    const missing = await findMissing(host, storeOf(runtime), images);
    const changes = missing.map((image) => ({ subject: `image ${image}`, before: 'absent', after: 'present' }));
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, { images, runtime }) => {
    const store = storeOf(runtime);
    const queue = (await findMissing(context.host, store, images)).values();
    const changes: Change[] = [];
    const failures: unknown[] = [];
    const pullFromQueue = async () => {
      for (const image of queue) {
        await pull(context, store, image).then(
          (change) => changes.push(change),
          (error: unknown) => failures.push(error),
        );
      }
    };
    await Promise.all(Array.from({ length: parallelPulls }, pullFromQueue));
    // The others were pulled all the same: the next attempt has less to do.
    if (failures.length > 0) throw failures[0];
    return changes;
  },
  byHand: (_context, { images, runtime }) => {
    const { inspect, pull: pullOf } = storeOf(runtime);
    return images.map((image) => `${command(...inspect(image))} > /dev/null 2>&1 || ${command(...pullOf(image))}`);
  },
};

function storeOf(runtime: string): ImageStore {
  return imageStores[runtime === 'containerd' ? 'containerd' : 'docker'];
}

async function findMissing(
  host: ReadonlyHost,
  store: ImageStore,
  images: readonly string[],
): Promise<readonly string[]> {
  const digests = await Promise.all(images.map((image) => findDigest(host, store, image)));
  return images.filter((_, i) => digests[i] === undefined);
}

/** Undefined when there is no such image, or no runtime yet that could have it. */
async function findDigest(host: ReadonlyHost, store: ImageStore, image: string): Promise<string | undefined> {
  try {
    const { status, stdout } = await host.query({
      argv: store.inspect(image),
      timeoutMs: 30_000,
      successStatuses: [0, 1],
    });
    if (status !== 0) return undefined;
    // An image that was loaded from a file has none.
    return /sha256:[0-9a-f]{64}/.exec(stdout)?.[0] ?? 'without digest';
  } catch (error) {
    if (error instanceof DroverError && error.code === 'command-not-found') return undefined;
    throw error;
  }
}

/** Once: a pull that failed is tried again by the engine, which knows how often, and tells people. */
async function pull(context: ApplyContext, store: ImageStore, image: string): Promise<Change> {
  const { host, clock, log, nodeName, deadlineAt } = context;
  const timeoutMs = Math.max(1000, deadlineAt - clock.now());
  try {
    await host.run({ argv: store.pull(image), timeoutMs, onLine: log });
  } catch (error) {
    throw classifyPullFailure(error, image, nodeName);
  }
  return { subject: `image ${image}`, before: 'absent', after: (await findDigest(host, store, image)) ?? 'present' };
}
