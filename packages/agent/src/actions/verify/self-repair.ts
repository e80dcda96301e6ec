import type { Playground } from './playground.ts';
import { podLack, restartsOf } from './pod-object.ts';
import { pod } from './workload.ts';

/** A container that is killed, and one whose health check fails, are started again and become Ready. */
export async function proveSelfRepair(playground: Playground): Promise<void> {
  const { apply, exec, image, log } = playground;
  const livenessProbe = {
    exec: { command: ['sh', '-c', 'test ! -e /tmp/unhealthy'] },
    periodSeconds: 1,
    failureThreshold: 1,
  };
  await apply(pod('killed', { image }), pod('unhealthy', { image, container: { livenessProbe } }));
  await Promise.all(['killed', 'unhealthy'].map((name) => ready(playground, name, 0)));
  await Promise.all([
    // Process 1 ends of the signal and its container with it; in the background, so that this shell is not cut off too.
    exec('killed', '(sleep 1; kill -TERM 1) > /dev/null 2>&1 < /dev/null &'),
    exec('unhealthy', 'touch /tmp/unhealthy'),
  ]);
  await Promise.all(['killed', 'unhealthy'].map((name) => ready(playground, name, 1)));
  log('a killed container and an unhealthy one were started again');
}

async function ready({ pods, until }: Playground, name: string, restarts: number): Promise<void> {
  const what = restarts === 0 ? `the pod ${name} to run` : `the pod ${name} to run again`;
  await until(what, async () => {
    const [found] = await pods(name);
    if (restartsOf(found) < restarts) return 'its container has not been started again';
    return podLack(found);
  });
}
