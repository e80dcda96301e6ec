import type { Playground } from './playground.ts';
import { deployment } from './workload.ts';

const app = 'release';

/** A deployment goes from one version to the next, and back by `rollout undo`. The version is what its pods say. */
export async function proveRollout(playground: Playground): Promise<void> {
  const { kubectl, log } = playground;
  await release(playground, 'one');
  await expectVersion(playground, 'one');
  await release(playground, 'two');
  await expectVersion(playground, 'two');
  await kubectl('rollout', 'undo', `deployment/${app}`);
  await complete(playground);
  await expectVersion(playground, 'one');
  log('rolled out, and rolled back');
}

async function release(playground: Playground, version: string): Promise<void> {
  const { apply, image } = playground;
  await apply(deployment(app, 2, { image, container: { env: [{ name: 'VERSION', value: version }] } }));
  await complete(playground);
}

/** kubectl follows a rollout to its end. */
async function complete({ kubectl }: Playground): Promise<void> {
  await kubectl('rollout', 'status', `deployment/${app}`, '--timeout=75s');
}

async function expectVersion({ disproved, exec, pods, until }: Playground, version: string): Promise<void> {
  await until('the pods of the other version to be gone', async () => {
    const left = await pods(app);
    return left.length === 2 ? undefined : `${left.length} pods are there`;
  });
  for (const { metadata } of await pods(app)) {
    const found = (await exec(metadata.name, 'echo $VERSION')).trim();
    if (found !== version) throw disproved(`${metadata.name} is version "${found}" and not "${version}"`);
  }
}
