import { type ClusterBirth, isSameMachine } from '../clusters/cluster-birth.ts';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { controlPlaneNodes } from '../clusters/endpoint.ts';
import type { NodeView } from './cluster-view.ts';

/** Of the clients of a stacked member (cmd/kubeadm/app/constants, EtcdListenClientPort). */
const etcdPort = 2379;

/** Who acts for a cluster, or why nobody can. */
export type ActingChoice =
  /** It shows the control plane. */
  | { readonly kind: 'initialized'; readonly node: NodeView }
  /** There is no control plane yet: it is to be made there. */
  | { readonly kind: 'unborn'; readonly node: NodeView }
  /** None that answers shows it; these do not answer, by name. */
  | { readonly kind: 'away'; readonly names: readonly string[] }
  /** All answer, and none shows it. */
  | { readonly kind: 'lost'; readonly birth: ClusterBirth };

/** What there is to choose from. */
export interface ActingCandidates {
  readonly spec: ClusterSpec;
  /** Those that answer. */
  readonly nodes: readonly NodeView[];
  readonly targets: readonly string[];
  readonly birth: ClusterBirth | undefined;
}

/**
 * The control-plane node that acts for the cluster. None is special: one that is healthy comes before one that is not, one
 * that is not worked upon itself before one that is, and then the cluster file's order counts. A cluster that was born is
 * never initialised again where nothing is left of it.
 */
export function chooseActing({ spec, nodes, targets, birth }: ActingCandidates): ActingChoice {
  const wanted = controlPlaneNodes(spec).map(({ name }) => name);
  const present = wanted.flatMap((name) => nodes.find((node) => node.spec.name === name) ?? []);
  const away = wanted.filter((name) => present.every((node) => node.spec.name !== name));

  const rank = (node: NodeView): number => (isHealthy(node) ? 0 : 2) + (targets.includes(node.spec.name) ? 1 : 0);
  const [best] = present.filter((node) => showsControlPlane(node, birth)).toSorted((a, b) => rank(a) - rank(b));
  if (best !== undefined) return { kind: 'initialized', node: best };

  // An init whose end nobody knows may be tried again where it was sent, and nowhere else.
  const place = birth === undefined ? present[0] : placeOfOpenInit(birth, present);
  if (place !== undefined && (birth !== undefined || away.length === 0)) return { kind: 'unborn', node: place };
  if (away.length > 0) return { kind: 'away', names: away };
  if (birth !== undefined) return { kind: 'lost', birth };
  throw new TypeError('a cluster file without a control-plane node does not get so far');
}

function placeOfOpenInit(birth: ClusterBirth, present: readonly NodeView[]): NodeView | undefined {
  return birth.confirmedAt === undefined ? present.find((node) => isSameMachine(birth, node)) : undefined;
}

/** A control plane of another CA is another cluster's. */
function showsControlPlane({ facts: { membership } }: NodeView, birth: ClusterBirth | undefined): boolean {
  if (!membership.controlPlane) return false;
  return birth?.caHash === undefined || membership.caHash === null || membership.caHash === birth.caHash;
}

/** As far as it can be seen from the machine alone: its kubelet runs, and its etcd listens. */
export function isHealthy({ facts: { kubernetes, network } }: Pick<NodeView, 'facts'>): boolean {
  return kubernetes.kubeletRunning && network.listeners.some(({ port }) => port === etcdPort);
}
