import type { ClusterNodes } from '@drover/proto';
import type { ClusterSpec, NodeSpec } from '../clusters/cluster-spec.ts';
import type { ClusterSurvey, SurveyedNode } from './cluster-survey.ts';
import type { ProposalNote, Proposed } from './proposal.ts';

type Taint = NonNullable<NodeSpec['taints']>[number];
type NodeObject = ClusterNodes['nodes'][number];

const path = ['spec', 'nodes'] as const;

/** Each member in its role, with what people have put on its Node object; what Kubernetes puts there itself is no wish. */
export function proposeNodes({ members, objects }: ClusterSurvey): Proposed<ClusterSpec['nodes']> {
  const strangers = objects.filter(({ name }) => members.every((member) => member.name !== name));
  return {
    value: members.map((member) => proposeNode(member, objectOf(member, objects))),
    notes: [
      ...strangers.map(({ name, roles }) => ({ path, text: withoutAgent(name, roles) })),
      ...members.flatMap(hostnameNote),
    ],
  };
}

function objectOf({ name }: SurveyedNode, objects: readonly NodeObject[]): NodeObject | undefined {
  return objects.find((object) => object.name === name);
}

function proposeNode({ name, facts }: SurveyedNode, object: NodeObject | undefined): NodeSpec {
  const labels = Object.entries(object?.labels ?? {}).filter(([key]) => !isKubernetesOwn(key));
  const taints = (object?.taints ?? []).filter(({ key }) => !isKubernetesOwn(key)).flatMap(toTaint);
  const address = object?.internalAddress ?? undefined;
  return {
    name,
    role: facts.membership.controlPlane ? 'control-plane' : 'worker',
    ...(address === undefined ? {} : { address }),
    ...(labels.length === 0 ? {} : { labels: Object.fromEntries(labels) }),
    ...(taints.length === 0 ? {} : { taints }),
  };
}

/** Keys under these domains are the project's (kubernetes.io/docs/reference/labels-annotations-taints). */
function isKubernetesOwn(key: string): boolean {
  return /^([^/]+\.)?(kubernetes|k8s)\.io\//.test(key);
}

function toTaint({ key, value, effect }: NodeObject['taints'][number]): readonly Taint[] {
  if (effect !== 'NoSchedule' && effect !== 'PreferNoSchedule' && effect !== 'NoExecute') return [];
  return [{ key, effect, ...(value === '' ? {} : { value }) }];
}

function withoutAgent(name: string, roles: readonly string[]): string {
  const isControlPlane = roles.some((role) => role === 'control-plane' || role === 'master');
  const what = isControlPlane ? `the control-plane node ${name}` : name;
  return `${what} is in the cluster and has no agent that is connected: enrol it (\`drover token create ${name}\`), and propose again`;
}

function hostnameNote({ name, facts }: SurveyedNode, index: number): readonly ProposalNote[] {
  const { hostname } = facts.host;
  if (hostname === name) return [];
  return [{ path: [...path, index, 'name'], text: `its hostname is ${hostname}: a run makes it ${name}` }];
}
