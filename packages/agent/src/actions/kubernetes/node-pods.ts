import type { InspectContext } from '../action.ts';
import { askKubectl } from './kubectl.ts';

/** A pod on a node that a drain has to get off it. */
export interface NodePod {
  /** `namespace/name`. */
  readonly name: string;
  /** What would make it again elsewhere, as `ReplicaSet`; undefined for a pod of its own. */
  readonly controller: string | undefined;
  readonly isTerminating: boolean;
}

/** A line for each pod: a hundred pods in JSON would not fit into one command's output. */
const columns = [
  '{.metadata.namespace}/{.metadata.name}',
  '{.metadata.ownerReferences[?(@.controller==true)].kind}',
  '{.metadata.deletionTimestamp}',
  '{.metadata.annotations.kubernetes\\.io/config\\.mirror}',
].join('|');

/**
 * The pods of a node that are not over, without those that stay or come back by themselves: of daemon sets, and the
 * mirrors of static pods.
 */
export async function listEvictable(context: InspectContext, nodeName: string): Promise<readonly NodePod[]> {
  const selector = `spec.nodeName=${nodeName},status.phase!=Succeeded,status.phase!=Failed`;
  const text = await askKubectl(context, {
    args: [
      'get',
      'pods',
      '--all-namespaces',
      `--field-selector=${selector}`,
      `--output=jsonpath={range .items[*]}${columns}{"\\n"}{end}`,
    ],
  });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [name = '', controller = '', deletedAt = '', mirror = ''] = line.split('|');
      if (controller === 'DaemonSet' || mirror !== '') return [];
      return [{ name, controller: controller === '' ? undefined : controller, isTerminating: deletedAt !== '' }];
    });
}
