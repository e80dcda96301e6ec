import { Type } from 'typebox';
import type { InspectContext } from '../action.ts';
import { NamedObject, NodeObject, ObjectList } from './cluster-objects.ts';
import { getObject } from './kubectl.ts';

/** One of the phases of `kubeadm init` after the API first answered. */
interface InitPhase {
  /** As `kubeadm init phase` and `--skip-phases` name it. */
  readonly name: string;
  /** By what in the cluster it is known to have been run; `nothing` where it changes files of the node alone. */
  readonly leaves: { readonly namespace: string; readonly object: string } | 'role-label' | 'nothing';
}

/** What of `kubeadm init` concerns these functions. */
interface InitOptions {
  readonly nodeName: string;
  readonly skippedPhases: readonly string[];
}

/** In kubeadm's order (cmd/kubeadm/app/cmd/init.go). Each can be run again: it creates or updates. */
const lastPhases: readonly InitPhase[] = [
  { name: 'upload-config', leaves: { namespace: 'kube-system', object: 'configmap/kubeadm-config' } },
  { name: 'mark-control-plane', leaves: 'role-label' },
  { name: 'bootstrap-token', leaves: { namespace: 'kube-public', object: 'configmap/cluster-info' } },
  { name: 'kubelet-finalize', leaves: 'nothing' },
  { name: 'addon/coredns', leaves: { namespace: 'kube-system', object: 'deployment/coredns' } },
  { name: 'addon/kube-proxy', leaves: { namespace: 'kube-system', object: 'daemonset/kube-proxy' } },
];

/** The arguments after `kubeadm init phase` that run a phase. */
export function phaseArguments(phase: string): readonly string[] {
  return ['upload-config', 'kubelet-finalize'].includes(phase) ? [phase, 'all'] : phase.split('/');
}

/** All phases that can be run again once the API answers, in order. */
export function repeatablePhases({ skippedPhases }: InitOptions): readonly string[] {
  return withoutSkipped(skippedPhases).map(({ name }) => name);
}

/** The phases of `kubeadm init` whose effect is missing from a cluster that answers, in the order to run them. */
export async function findMissingPhases(context: InspectContext, options: InitOptions): Promise<readonly string[]> {
  const [present, marked] = await Promise.all([listObjects(context), isMarked(context, options.nodeName)]);
  const isDone = ({ leaves }: InitPhase) => {
    if (leaves === 'nothing') return true;
    return leaves === 'role-label' ? marked : present.has(leaves.object);
  };
  return withoutSkipped(options.skippedPhases)
    .filter((phase) => !isDone(phase))
    .map(({ name }) => name);
}

/** Skipping `addon` skips all its parts. */
function withoutSkipped(skippedPhases: readonly string[]): readonly InitPhase[] {
  return lastPhases.filter(({ name }) => !skippedPhases.some((each) => name === each || name.startsWith(`${each}/`)));
}

/** kubectl answers with a list unless one name alone was asked for. */
const OneOrMore = Type.Union([ObjectList, NamedObject]);

async function listObjects(context: InspectContext): Promise<ReadonlySet<string>> {
  const byNamespace = Map.groupBy(
    lastPhases.flatMap(({ leaves }) => (typeof leaves === 'string' ? [] : [leaves])),
    ({ namespace }) => namespace,
  );
  const lists = await Promise.all(
    [...byNamespace].map(async ([namespace, wanted]) => {
      const answer = await getObject(context, OneOrMore, [
        `--namespace=${namespace}`,
        ...wanted.map(({ object }) => object),
      ]);
      if (answer === undefined) return [];
      return 'items' in answer ? answer.items : [answer];
    }),
  );
  const items = lists.flat();
  return new Set(items.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`));
}

/** The role's label was node-role.kubernetes.io/master up to 1.23 (KEP-2067). */
async function isMarked(context: InspectContext, nodeName: string): Promise<boolean> {
  const node = await getObject(context, NodeObject, ['node', nodeName]);
  const labels = node?.metadata.labels ?? {};
  return ['control-plane', 'master'].some((role) => `node-role.kubernetes.io/${role}` in labels);
}
