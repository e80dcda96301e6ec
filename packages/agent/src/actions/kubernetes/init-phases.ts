import { Type } from 'typebox';
import type { InspectContext } from '../action.ts';
import { NamedObject, NodeObject, ObjectList } from './cluster-objects.ts';
import { getObject } from './kubectl.ts';

/** What tells that the phases of `kubeadm init` after the API first answered are done. */
interface InitPhase {
  /** As `kubeadm init phase` and `--skip-phases` name it. */
  readonly name: string;
  /** The object that it leaves in the cluster; the Node itself for mark-control-plane. */
  readonly leaves: { readonly namespace: string; readonly object: string } | 'role-label';
}

/** In kubeadm's order (cmd/kubeadm/app/cmd/init.go). Each can be run again: it creates or updates. */
const lastPhases: readonly InitPhase[] = [
  { name: 'upload-config', leaves: { namespace: 'kube-system', object: 'configmap/kubeadm-config' } },
  { name: 'mark-control-plane', leaves: 'role-label' },
  { name: 'bootstrap-token', leaves: { namespace: 'kube-public', object: 'configmap/cluster-info' } },
  { name: 'addon/coredns', leaves: { namespace: 'kube-system', object: 'deployment/coredns' } },
  { name: 'addon/kube-proxy', leaves: { namespace: 'kube-system', object: 'daemonset/kube-proxy' } },
];

/** The arguments after `kubeadm init phase` that run a phase. */
export function phaseArguments(phase: string): readonly string[] {
  if (phase === 'upload-config') return ['upload-config', 'all'];
  return phase.split('/');
}

/** The phases of `kubeadm init` whose effect is missing from a cluster that answers, in the order to run them. */
export async function findUnfinishedPhases(
  context: InspectContext,
  wanted: { readonly nodeName: string; readonly skippedPhases: readonly string[] },
): Promise<readonly string[]> {
  const [present, marked] = await Promise.all([listObjects(context), isMarked(context, wanted.nodeName)]);
  const isDone = ({ leaves }: InitPhase) => (leaves === 'role-label' ? marked : present.has(leaves.object));
  const isSkipped = ({ name }: InitPhase) =>
    wanted.skippedPhases.some((skipped) => name === skipped || name.startsWith(`${skipped}/`));
  return lastPhases.filter((phase) => !isSkipped(phase) && !isDone(phase)).map(({ name }) => name);
}

/** kubectl answers with a list unless one name alone was asked for. */
const OneOrMore = Type.Union([ObjectList, NamedObject]);

async function listObjects(context: InspectContext): Promise<ReadonlySet<string>> {
  const byNamespace = Map.groupBy(
    lastPhases.flatMap(({ leaves }) => (leaves === 'role-label' ? [] : [leaves])),
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
