import { NodeList, type NodeObject } from '../kubernetes/cluster-objects.ts';
import { getObject } from '../kubernetes/kubectl.ts';
import type { Playground } from './playground.ts';
import { podCondition, podLack } from './pod-object.ts';
import { pod } from './workload.ts';

/** A pod that asks for more processors than any node has stays Pending, for that reason; one that fits is placed. */
export async function provePlacement(playground: Playground): Promise<void> {
  const { apply, disproved, image, log, pods, until } = playground;
  const nodes = (await getObject(playground.context, NodeList, ['nodes']))?.items ?? [];
  const most = Math.max(...nodes.map(processorsOf));
  const requesting = (cpu: number | string) => ({ resources: { requests: { cpu: String(cpu), memory: '16Mi' } } });
  await apply(
    pod('too-large', { image, container: requesting(Math.floor(most) + 1) }),
    pod('fitting', { image, container: requesting('50m') }),
  );
  await until('the pod that fits to run', async () => podLack((await pods('fitting'))[0]));
  await until('the scheduler to judge the pod that is too large', async () => {
    const [large] = await pods('too-large');
    const scheduled = large && podCondition(large, 'PodScheduled');
    if (scheduled?.status === 'True') throw disproved(`a pod that asks for more than ${most} processors was placed`);
    return scheduled?.reason === 'Unschedulable' && /Insufficient cpu/.test(scheduled.message ?? '')
      ? undefined
      : (scheduled?.message ?? 'no word yet');
  });
  log(`no node has more than ${most} processors, and the scheduler keeps to that`);
}

/** A quantity of processors: `2`, or thousandths as `1930m` (Kubernetes API, resource.Quantity). */
function processorsOf(node: NodeObject): number {
  const quantity = node.status.allocatable?.['cpu'] ?? '0';
  return quantity.endsWith('m') ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);
}
