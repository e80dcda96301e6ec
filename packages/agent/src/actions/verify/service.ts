import { Type } from 'typebox';
import { getObject } from '../kubernetes/kubectl.ts';
import type { Playground } from './playground.ts';
import { podLack } from './pod-object.ts';
import { deployment } from './workload.ts';

const app = 'echo';
const requests = 40;

const ServiceObject = Type.Object({ spec: Type.Object({ clusterIP: Type.String() }) });

/** Answers each request with the name of the pod. */
const serve = 'mkdir -p /tmp/www && hostname > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www';

/** Two pods on two nodes answer behind one ClusterIP, and both of them are asked. By address: a cluster may have no DNS. */
export async function proveService(playground: Playground): Promise<void> {
  const { apply, exec, image, log, pods, until } = playground;
  await apply(
    deployment(app, 2, {
      image,
      script: serve,
      spec: { affinity: { podAntiAffinity: apart } },
      container: { readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 } },
    }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: app },
      spec: { selector: { app }, ports: [{ port: 80, targetPort: 8080 }] },
    },
  );
  await until('two pods on two nodes', async () => lackOfTwo(await pods(app)));
  const names = (await pods(app)).map(({ metadata }) => metadata.name);
  const address = await findAddress(playground);
  // kube-proxy learns of the endpoints a moment after the pods are Ready.
  // Not wget's own -T: in a busybox built without that feature, Debian's for one, it crashes.
  const ask = `i=0; while [ $i -lt ${requests} ]; do timeout 2 wget -q -O - http://${address}/; i=$((i+1)); done`;
  await until('both pods to answer behind the service', async () => {
    const answers = new Set((await exec(`deployment/${app}`, ask)).split('\n').map((line) => line.trim()));
    const silent = names.filter((name) => !answers.has(name));
    return silent.length === 0 ? undefined : `${silent.join(' and ')} did not answer any of ${requests} requests`;
  });
  log(`${names.join(' and ')} answer behind ${address}`);
}

const apart = {
  requiredDuringSchedulingIgnoredDuringExecution: [
    { labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' },
  ],
};

function lackOfTwo(pods: Awaited<ReturnType<Playground['pods']>>): string | undefined {
  const lack = [pods[0], pods[1]].map(podLack).find((each) => each !== undefined);
  if (lack !== undefined) return lack;
  const nodes = new Set(pods.map(({ spec }) => spec.nodeName));
  return nodes.size === 2 ? undefined : `they are on ${[...nodes].join(', ')}`;
}

async function findAddress({ context, disproved, namespace }: Playground): Promise<string> {
  const service = await getObject(context, ServiceObject, [`--namespace=${namespace}`, 'service', app]);
  if (service === undefined) throw disproved('the service is gone');
  return service.spec.clusterIP;
}
