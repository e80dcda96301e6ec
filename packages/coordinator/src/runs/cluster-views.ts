import { DroverError, type Fault } from '@drover/core';
import { type ClusterBirth, type ClusterBirths, describeBirth, isSameMachine } from '../clusters/cluster-birth.ts';
import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';
import { coordinatorErrors } from '../errors.ts';
import type { Nodes } from '../inventory/nodes.ts';
import { chooseActing } from '../plan/acting-node.ts';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';
import type { ClusterRequest } from '../preflight/check.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import type { NodeSessions } from '../sessions/sessions.ts';

/** A node that cannot be looked at now. */
export interface UnavailableNode {
  /** By name. */
  readonly node: string;
  /** Its position in the cluster file. */
  readonly index: number;
  readonly reason: string;
  /** It has never enrolled: it takes a token, which is more than starting its agent. */
  readonly needsToken: boolean;
}

/** A cluster with fresh facts of every target, or every node that stands in the way. */
export type ViewResult =
  | { readonly complete: true; readonly view: ClusterView }
  | { readonly complete: false; readonly unavailable: readonly UnavailableNode[] };

/** The way to the nodes, to what they observe, and to what is known of the cluster already. */
export interface ClusterViewsOptions {
  readonly births: Pick<ClusterBirths, 'get'>;
  readonly nodes: Pick<Nodes, 'findByName'>;
  readonly sessions: Pick<NodeSessions, 'find'>;
  readonly facts: Pick<FactsGatherer, 'gather'>;
}

/**
 * Looks at clusters: what is wanted of each node beside what its agent observes now. Throws `control-plane-lost` where the
 * cluster was born and nothing shows it any more, `cluster-unborn` where single nodes are to be worked upon before it was,
 * `input-invalid` with every target that it does not have.
 */
export type ViewCluster = (cluster: ClusterRequest, signal: AbortSignal) => Promise<ViewResult>;

/**
 * Asks the targets and the control-plane nodes side by side. All targets have to answer, of the others one that can act for
 * the cluster. The signal's reason is thrown when it aborts.
 */
export function createClusterViews(options: ClusterViewsOptions): ViewCluster {
  return async ({ name, spec, targets = spec.nodes.map((node) => node.name) }, signal) => {
    refuseUnknownTargets(name, spec, targets);
    const { birth } = await options.births.get(name);
    const looked = spec.nodes.map(async (node, index) =>
      targets.includes(node.name) || node.role === 'control-plane'
        ? [await viewNode(options, node, index, signal)]
        : [],
    );
    const looks = (await Promise.all(looked)).flat();
    const away = looks.filter((look) => 'reason' in look);
    const nodes = looks.filter((look) => 'facts' in look);
    const missing = away.filter(({ node }) => targets.includes(node));
    if (missing.length > 0) return { complete: false, unavailable: missing };
    const choice = chooseActing({ spec, nodes, targets, birth });
    switch (choice.kind) {
      case 'away':
        return { complete: false, unavailable: away.filter(({ node }) => choice.names.includes(node)) };
      case 'lost':
        throw controlPlaneLost(choice.birth);
      case 'unborn':
        if (!targets.includes(choice.node.spec.name)) throw clusterUnborn(name, targets);
        break;
      case 'initialized':
    }
    const acting = choice.node.spec.name;
    const initOnActing = birth === undefined || isSameMachine(birth, choice.node);
    return { complete: true, view: { name, spec, nodes, targets, acting, initOnActing } };
  };
}

function refuseUnknownTargets(cluster: string, { nodes }: ClusterSpec, targets: readonly string[]): void {
  const known = nodes.map(({ name }) => name);
  const faults = targets.flatMap((target, index) =>
    known.includes(target) ? [] : [{ path: `targets[${index}]`, message: `${cluster} has no node ${target}` }],
  );
  if (faults.length === 0) return;
  const reason = faults.map(({ message }) => message).join('; ');
  throw coordinatorErrors.create('input-invalid', { tried: `work upon single nodes of ${cluster}`, reason, faults });
}

function controlPlaneLost(birth: ClusterBirth): DroverError {
  return coordinatorErrors.create('control-plane-lost', {
    tried: `find a node that acts for ${birth.cluster}`,
    reason: `it was ${describeBirth(birth)}, and none of its control-plane nodes shows its control plane any more`,
  });
}

function clusterUnborn(name: string, targets: readonly string[]): DroverError {
  return coordinatorErrors.create('cluster-unborn', {
    tried: `work upon ${targets.join(', ')} of ${name}`,
    reason: 'none of its control-plane nodes has a control plane yet',
  });
}

/** Names every unavailable node at once: a single one as the reason, more of them as faults. The remedy is for all of them. */
export function unavailableError(cluster: string, unavailable: readonly UnavailableNode[]): DroverError {
  const [first, ...others] = unavailable;
  const single = others.length === 0 ? first : undefined;
  return coordinatorErrors.create('node-not-connected', {
    tried: `look at the nodes of ${cluster}`,
    ...(single === undefined ? {} : { node: single.node }),
    reason: single === undefined ? `${unavailable.length} of them are away` : `${single.node} ${single.reason}`,
    ...remedyFor(unavailable),
    faults: unavailableFaults(unavailable),
  });
}

/** For nodes that have never enrolled, how they do; the error table knows what to do about those that have. */
function remedyFor(unavailable: readonly UnavailableNode[]): { readonly remedy?: string } {
  const commands = unavailable
    .filter(({ needsToken }) => needsToken)
    .map(({ node }) => `\`drover token create ${node}\``);
  if (commands.length === 0) return {};
  const enrol = `Make a token (${commands.join(', ')}), put it on the machine as /etc/drover/enrollment-token and start drover-agent there`;
  const others =
    commands.length === unavailable.length
      ? ''
      : ', and start it on the other machines (`systemctl status drover-agent`)';
  return { remedy: `${enrol}${others}; then try again.` };
}

/** Each unavailable node at its place in the cluster file. */
export function unavailableFaults(unavailable: readonly UnavailableNode[]): readonly Fault[] {
  return unavailable.map(({ node, index, reason }) => ({
    path: `spec.nodes[${index}]`,
    message: `${node} ${reason}`,
  }));
}

/** One node with fresh facts, or why it has none. Throws the signal's reason. */
export async function viewNode(
  { nodes, sessions, facts }: Omit<ClusterViewsOptions, 'births'>,
  spec: NodeSpec,
  index: number,
  signal: AbortSignal,
): Promise<NodeView | UnavailableNode> {
  const record = await nodes.findByName(spec.name);
  const place = { node: spec.name, index };
  if (record === undefined || record.incarnation === 0) {
    return {
      ...place,
      reason: record === undefined ? 'is not known: it has no token yet' : 'has not enrolled yet',
      needsToken: true,
    };
  }
  if (sessions.find(record.nodeId) === undefined) return { ...place, reason: 'is not connected', needsToken: false };
  try {
    const gathered = await facts.gather(record.nodeId, signal);
    const { nodeId, incarnation } = record;
    return { spec, nodeId, incarnation, facts: gathered.facts, clockSkewMs: gathered.clockSkewMs };
  } catch (error) {
    if (signal.aborted || !(error instanceof DroverError)) throw error;
    return { ...place, reason: `gives no facts: ${error.problem.reason}`, needsToken: false };
  }
}
