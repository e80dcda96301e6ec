import type { Playground } from './playground.ts';
import { podLack } from './pod-object.ts';
import { pod } from './workload.ts';

const app = 'configured';

/** A ConfigMap's and a Secret's values reach a pod, and a change of both reaches the same pod, image and container untouched. */
export async function proveConfiguration(playground: Playground): Promise<void> {
  const { apply, image, log, pods, until } = playground;
  await apply(...values('first'), pod(app, { image, spec: { volumes }, container: { volumeMounts } }));
  await until('the pod to run', async () => podLack((await pods(app))[0]));
  await expectValues(playground, 'first');
  await apply(...values('second'));
  await nudge(playground);
  await expectValues(playground, 'second');
  log('configuration and secret reached the pod, and so did their change');
}

const volumes = [
  { name: 'configuration', configMap: { name: app } },
  { name: 'secret', secret: { secretName: app } },
];
const volumeMounts = [
  { name: 'configuration', mountPath: '/configuration' },
  { name: 'secret', mountPath: '/secret' },
];

function values(value: string) {
  return [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: app }, data: { value: `public-${value}` } },
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: app }, stringData: { value: `secret-${value}` } },
  ];
}

/** The kubelet brings volumes up to date when it next syncs the pod, up to 90 s later; a changed pod is synced at once. */
async function nudge({ kubectl }: Playground): Promise<void> {
  await kubectl('annotate', 'pod', app, 'drover.dev/synced=now', '--overwrite');
}

async function expectValues({ exec, until }: Playground, value: string): Promise<void> {
  const wanted = `public-${value} secret-${value}`;
  await until(
    `the pod to see its ${value} values`,
    async () => {
      const found = (await exec(app, 'echo $(cat /configuration/value) $(cat /secret/value)')).trim();
      return found === wanted ? undefined : `it sees "${found}"`;
    },
    120_000,
  );
}
