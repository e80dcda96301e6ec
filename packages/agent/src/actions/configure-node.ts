import { DroverError } from '@drover/core';
import { type ActionParams, type Change, configuredAnnotation, type NodeMetadata } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { ApplyContext, EnsureAction, InspectContext } from './action.ts';
import { NodeObject } from './kubernetes/cluster-objects.ts';
import { getObject, hasCluster, runKubectl } from './kubernetes/kubectl.ts';
import {
  formatOwned,
  formatTaint,
  planRemembered,
  planTaints,
  readOwned,
  taintId,
} from './kubernetes/node-ownership.ts';
import { kubectlByHand } from './shell/kubectl-by-hand.ts';

type Params = ActionParams<'configure-node'>;

/** How often a patch is made anew when somebody else changed the Node meanwhile (the node controller does, on new nodes). */
const maximumConflicts = 5;

/**
 * Labels and taints of a Node as in the cluster file: those that were there and are not any more are taken away, and
 * whatever others have put on the Node stays. What is remembered of a former Node of the name is added where it is missing.
 */
export const configureNode: EnsureAction<'configure-node'> = {
  kind: 'ensure',
  name: 'configure-node',
  inspect: async (context, params) => {
    const node = (await hasCluster(context)) ? await findNode(context, params.nodeName) : undefined;
    const changes = node === undefined ? describeWanted(params) : findChanges(node, params);
    return { satisfied: changes.length === 0, changes };
  },
  apply: async (context, params) => {
    for (let conflicts = 0; ; conflicts++) {
      const node = await findNode(context, params.nodeName);
      if (node === undefined) {
        throw agentErrors.create('node-not-in-cluster', {
          tried: `label the node ${params.nodeName}`,
          node: context.nodeName,
          reason: 'the API has no Node of that name',
        });
      }
      if (await patch(context, node, params, conflicts)) return;
    }
  },
  byHand: (_context, params) => configureByHand(params),
};

/** What is remembered comes first: what the cluster file says counts. */
function configureByHand({ nodeName, labels, taints, remembered }: Params): readonly string[] {
  const set = (verb: 'label' | 'annotate', values: Readonly<Record<string, string>>, options: readonly string[]) =>
    Object.entries(values).map(([key, value]) => kubectlByHand(verb, 'node', nodeName, `${key}=${value}`, ...options));
  const overwrite = ['--overwrite'];
  return [
    ...set('label', remembered?.labels ?? {}, overwrite),
    ...set('annotate', remembered?.annotations ?? {}, overwrite),
    ...set('label', labels, overwrite),
    ...[...(remembered?.taints ?? []), ...taints].map((taint) =>
      kubectlByHand('taint', 'node', nodeName, formatTaint(taint), ...overwrite),
    ),
    ...(remembered?.unschedulable === true ? [kubectlByHand('cordon', nodeName)] : []),
    ...set('annotate', { [configuredAnnotation]: formatOwned({ labels, taints }) }, overwrite),
  ];
}

async function findNode(context: InspectContext, name: string): Promise<NodeObject | undefined> {
  return getObject(context, NodeObject, ['node', name]);
}

/** True when it was made; false when the Node had changed since it was read, which may happen a few times. */
async function patch(context: ApplyContext, node: NodeObject, params: Params, conflicts: number): Promise<boolean> {
  const document = JSON.stringify(toPatch(node, params));
  try {
    await runKubectl(context, { args: ['patch', 'node', params.nodeName, '--type=merge', `--patch=${document}`] });
    return true;
  } catch (thrown) {
    const isConflict =
      thrown instanceof DroverError &&
      thrown.problem.evidence.some((line) => line.includes('the object has been modified'));
    if (!isConflict || conflicts >= maximumConflicts) throw thrown;
    return false;
  }
}

/** A merge patch (RFC 7386) replaces the list of taints whole: the resource version makes it fail when the list was changed meanwhile. */
function toPatch(node: NodeObject, params: Params) {
  const owned = readOwned(node);
  const gone = owned.labels.filter((key) => !(key in params.labels)).map((key) => [key, null] as const);
  const remembered = planRemembered(node, params);
  return {
    metadata: {
      resourceVersion: node.metadata.resourceVersion,
      labels: { ...Object.fromEntries(gone), ...remembered.labels, ...params.labels },
      annotations: { ...remembered.annotations, [configuredAnnotation]: formatOwned(params) },
    },
    spec: {
      taints: [...planTaints(node, params.taints), ...remembered.taints],
      ...(remembered.unschedulable ? { unschedulable: true } : {}),
    },
  };
}

function findChanges(node: NodeObject, params: Params): Change[] {
  const present = node.metadata.labels ?? {};
  const owned = readOwned(node);
  const labels = Object.entries(params.labels)
    .filter(([key, value]) => present[key] !== value)
    .map(([key, value]) => ({ subject: `label ${key}`, before: present[key] ?? 'absent', after: value }));
  const gone = owned.labels
    .filter((key) => !(key in params.labels) && key in present)
    .map((key) => ({ subject: `label ${key}`, before: present[key] ?? '', after: 'absent' }));
  const remembered = planRemembered(node, params);
  const before = (node.spec.taints ?? []).map(formatTaint).sort().join(', ');
  const after = [...planTaints(node, params.taints), ...remembered.taints].map(formatTaint).sort().join(', ');
  const taints = before === after ? [] : [{ subject: 'taints', before: before || 'none', after: after || 'none' }];
  return [...labels, ...gone, ...taints, ...describeRemembered(remembered)].map((change) => ({
    ...change,
    subject: `node ${params.nodeName}: ${change.subject}`,
  }));
}

/** Without the taints, which are shown with the others. */
function describeRemembered({ labels, annotations, unschedulable }: NodeMetadata): Change[] {
  const named = (kind: string, values: Readonly<Record<string, string>>): Change[] =>
    Object.entries(values).map(([key, after]) => ({ subject: `${kind} ${key}`, before: 'absent', after }));
  const cordon = unschedulable ? [{ subject: 'scheduling', before: 'takes pods', after: 'cordoned' }] : [];
  return [...named('label', labels), ...named('annotation', annotations), ...cordon];
}

/** What would be put on a Node that does not exist yet. */
function describeWanted({ nodeName, labels, taints, remembered }: Params): Change[] {
  const wanted = [
    ...Object.entries(remembered?.labels ?? {}).map(([key, value]) => `label ${key}=${value}`),
    ...(remembered?.taints ?? []).map((taint) => `taint ${taintId(taint)}`),
    ...Object.entries(labels).map(([key, value]) => `label ${key}=${value}`),
    ...taints.map((taint) => `taint ${taintId(taint)}`),
  ];
  return wanted.map((after) => ({ subject: `node ${nodeName}`, before: 'no such Node yet', after }));
}
