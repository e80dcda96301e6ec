import type { Playground } from './playground.ts';
import { podLack } from './pod-object.ts';
import { pod } from './workload.ts';

/** Below a directory that every machine has, so that nothing stays behind. */
const directory = '/volume/drover-verify-storage';

/** What one pod writes to a volume of its node, another one reads after the first is gone. */
export async function proveStorage(playground: Playground): Promise<void> {
  const { disproved, exec, kubectl, log } = playground;
  const node = await start(playground, 'writer', undefined);
  const value = `kept-${playground.context.clock.now()}`;
  await exec('writer', `mkdir -p ${directory} && echo ${value} > ${directory}/value`);
  await kubectl('delete', 'pod', 'writer', '--wait');
  await start(playground, 'reader', node);
  const found = (await exec('reader', `cat ${directory}/value; rm -rf ${directory}`)).trim();
  if (found !== value) throw disproved(`the second pod on ${node} read "${found}" and not "${value}"`);
  log(`a volume of ${node} outlived its pod`);
}

/** Starts a pod with the node's volume, and gives the node's name. */
async function start(playground: Playground, name: string, node: string | undefined): Promise<string> {
  const { apply, image, pods, until } = playground;
  const volume = { name: 'volume', hostPath: { path: '/var/tmp', type: 'Directory' } };
  // With a grace period the pod is gone from the API only when its container is gone from the node.
  const spec = {
    volumes: [volume],
    terminationGracePeriodSeconds: 1,
    ...(node === undefined ? {} : { nodeName: node }),
  };
  await apply(pod(name, { image, spec, container: { volumeMounts: [{ name: 'volume', mountPath: '/volume' }] } }));
  await until(`the ${name} to run`, async () => podLack((await pods(name))[0]));
  return (await pods(name))[0]?.spec.nodeName ?? '';
}
