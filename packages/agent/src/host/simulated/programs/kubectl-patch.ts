import { notPlayed, operands, optionValues, type ProgramCall } from '../program.ts';
import { type SimulatedNode, withNode } from '../world/cluster.ts';

interface NodePatch {
  readonly metadata?: {
    readonly resourceVersion?: string;
    readonly labels?: Readonly<Record<string, string | null>>;
    readonly annotations?: Readonly<Record<string, string | null>>;
  };
  readonly spec?: { readonly taints?: SimulatedNode['taints']; readonly unschedulable?: true };
}

/** `kubectl patch node NAME --type=merge --patch=…`, refused when the patch names another resource version than the present one. */
export function kubectlPatch(call: ProgramCall): number {
  const [, kind, name = ''] = operands(call.args);
  if (kind !== 'node' || !call.args.includes('--type=merge')) return notPlayed(call, 'kubectl');
  const patch = JSON.parse(optionValues(call.args, 'patch')[0] ?? '{}') as NodePatch;
  const complaint = call.machine.world.change((cluster) => {
    const node = cluster?.nodes[name];
    if (cluster === null || node === undefined)
      return { cluster, answer: `Error from server (NotFound): nodes "${name}" not found` };
    const { resourceVersion } = patch.metadata ?? {};
    if (resourceVersion !== undefined && resourceVersion !== String(node.resourceVersion))
      return {
        cluster,
        answer:
          'Error from server (Conflict): the object has been modified; please apply your changes to the latest version',
      };
    return { cluster: withNode(cluster, merge(node, patch)), answer: undefined };
  });
  if (complaint === undefined) {
    call.print(`node/${name} patched`);
    return 0;
  }
  call.complain(complaint);
  return 1;
}

/** `kubectl cordon NAME`, and `kubectl drain NAME`, since no pod is there to be evicted. */
export function kubectlCordon(call: ProgramCall): number {
  const [, name = ''] = operands(call.args);
  const isThere = call.machine.world.change((cluster) => {
    const node = cluster?.nodes[name];
    if (cluster === null || node === undefined) return { cluster, answer: false };
    return { cluster: withNode(cluster, { ...node, unschedulable: true }), answer: true };
  });
  if (!isThere) call.complain(`Error from server (NotFound): nodes "${name}" not found`);
  return isThere ? 0 : 1;
}

/** `kubectl annotate --overwrite node NAME KEY=VALUE`. */
export function kubectlAnnotate(call: ProgramCall): number {
  const [, kind, name = '', annotation = ''] = operands(call.args);
  const [key = '', value = ''] = annotation.split('=');
  if (kind !== 'node' || key === '') return notPlayed(call, 'kubectl');
  const isThere = call.machine.world.change((cluster) => {
    const node = cluster?.nodes[name];
    if (cluster === null || node === undefined) return { cluster, answer: false };
    return { cluster: withNode(cluster, merge(node, { metadata: { annotations: { [key]: value } } })), answer: true };
  });
  if (!isThere) call.complain(`Error from server (NotFound): nodes "${name}" not found`);
  return isThere ? 0 : 1;
}

function merge(node: SimulatedNode, { metadata, spec }: NodePatch): SimulatedNode {
  return {
    ...node,
    labels: mergeNames(node.labels, metadata?.labels),
    annotations: mergeNames(node.annotations, metadata?.annotations),
    taints: spec?.taints ?? node.taints,
    ...(spec?.unschedulable === undefined ? {} : { unschedulable: spec.unschedulable }),
  };
}

/** RFC 7386: null takes a member away. */
function mergeNames(present: Readonly<Record<string, string>>, patch: Readonly<Record<string, string | null>> = {}) {
  const merged = Object.entries({ ...present, ...patch }).flatMap(([key, value]) =>
    value === null ? [] : [[key, value]],
  );
  return Object.fromEntries(merged) as Record<string, string>;
}
