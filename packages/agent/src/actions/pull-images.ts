import { DroverError } from '@drover/core';
import type { Change } from '@drover/proto';
import type { ReadonlyHost } from '../host/host.ts';
import type { ApplyContext, EnsureAction } from './action.ts';
import { classifyPullFailure } from './images/classify-pull-failure.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { command } from './shell/quote.ts';

const parallelPulls = 3;

/** Images in Docker's store under exactly these references; what was pulled is reported with its digest. */
export const pullImages: EnsureAction<'pull-images'> = {
  kind: 'ensure',
  name: 'pull-images',
  inspect: async ({ host, nodeName }, { images }) => {
    const faults = images.flatMap((image, i) =>
      faultUnless(/^[A-Za-z0-9][\w./:@-]*$/.test(image), `images[${i}]`, `is no image reference: "${image}"`),
    );
    rejectFaults('pull-images', nodeName, faults);
    const missing = await findMissing(host, images);
    const changes = missing.map((image) => ({ subject: `image ${image}`, before: 'absent', after: 'present' }));
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, { images }) => {
    const queue = (await findMissing(context.host, images)).values();
    const changes: Change[] = [];
    const failures: unknown[] = [];
    const pullFromQueue = async () => {
      for (const image of queue) {
        await pull(context, image).then(
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
  byHand: (_context, { images }) =>
    images.map(
      (image) =>
        `${command('docker', 'image', 'inspect', image)} > /dev/null 2>&1 || ${command('docker', 'pull', '--quiet', image)}`,
    ),
};

async function findMissing(host: ReadonlyHost, images: readonly string[]): Promise<readonly string[]> {
  const digests = await Promise.all(images.map((image) => findDigest(host, image)));
  return images.filter((_, i) => digests[i] === undefined);
}

/** Undefined when there is no such image, or no Docker yet that could have it. */
async function findDigest(host: ReadonlyHost, image: string): Promise<string | undefined> {
  const argv = ['docker', 'image', 'inspect', '--format', '{{json .RepoDigests}}', image] as const;
  try {
    const { status, stdout } = await host.query({ argv, timeoutMs: 30_000, successStatuses: [0, 1] });
    if (status !== 0) return undefined;
    // An image that was loaded from a file has none.
    return /sha256:[0-9a-f]{64}/.exec(stdout)?.[0] ?? 'without digest';
  } catch (error) {
    if (error instanceof DroverError && error.code === 'command-not-found') return undefined;
    throw error;
  }
}

/** Once: a pull that failed is tried again by the engine, which knows how often, and tells people. */
async function pull(context: ApplyContext, image: string): Promise<Change> {
  const { host, clock, log, nodeName, deadlineAt } = context;
  const timeoutMs = Math.max(1000, deadlineAt - clock.now());
  try {
    await host.run({ argv: ['docker', 'pull', '--quiet', image], timeoutMs, onLine: log });
  } catch (error) {
    throw classifyPullFailure(error, image, nodeName);
  }
  return { subject: `image ${image}`, before: 'absent', after: (await findDigest(host, image)) ?? 'present' };
}
