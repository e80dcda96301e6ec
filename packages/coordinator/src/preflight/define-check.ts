import type { FactSubject, Facts } from '@drover/proto';
import type { ClusterView, NodeView } from '../plan/cluster-view.ts';
import type { Check, CheckDescriptor, ClusterRequest, FactsEvaluation, Finding, Rule } from './check.ts';
import { type UnreadSubject, unreadSubjects } from './unread-subjects.ts';
import { isWithin } from './version-range.ts';

/** A finding as its check writes it: what holds for all findings of a rule is said by the rule. */
export type Draft<Rules extends string> =
  | {
      readonly rule: Rules;
      /** By name. @default the node that is looked at, where it is one */
      readonly node?: string;
      readonly message: string;
      readonly evidence?: readonly string[];
      /** @default the rule's */
      readonly remedy?: string;
    }
  | {
      /** What could not be told, and why. */
      readonly untold: string;
      readonly node?: string;
      readonly evidence?: readonly string[];
    };

/** A node with the facts that the check has said it reads, and no others. */
export type ReadNode<Reads extends FactSubject> = Omit<NodeView, 'facts'> & {
  readonly facts: Readonly<Required<Pick<Facts, Reads>>>;
};

/** What a check of nodes knows beside them. */
export type CheckContext = Pick<ClusterView, 'name' | 'spec' | 'targets' | 'acting' | 'reachability'>;

type Described<Rules extends string, Reads extends FactSubject> = Omit<CheckDescriptor, 'reads' | 'rules'> & {
  readonly reads: readonly Reads[];
  readonly rules: Readonly<Record<Rules, Rule>>;
  readonly ofSpec?: (cluster: ClusterRequest) => readonly Draft<Rules>[];
};

/** A check that looks at the specification alone. */
export function specCheck<Rules extends string>(
  described: Omit<Described<Rules, never>, 'reads' | 'scope'> & Required<Pick<Described<Rules, never>, 'ofSpec'>>,
): Check {
  const { ofSpec } = described;
  const ofRequest = (cluster: ClusterRequest) => finish(described, cluster, ofSpec(cluster));
  return { ...describe({ ...described, reads: [], scope: 'cluster' }), ofSpec: ofRequest };
}

/** A check that looks at one node after the other. */
export function nodeCheck<Rules extends string, Reads extends FactSubject>(
  described: Described<Rules, Reads> & {
    readonly scope: 'node' | 'control-plane';
    readonly ofNode: (node: ReadNode<Reads>, context: CheckContext) => readonly Draft<Rules>[];
  },
): Check {
  const ofFacts: FactsEvaluation = (view) =>
    view.nodes
      .filter(({ spec }) => described.scope === 'node' || spec.role === 'control-plane')
      .flatMap((node) => {
        const unread = unreadSubjects(node.facts, described.reads);
        if (unread.length > 0) return unread.map((subject) => undeterminedBy(described.id, node, subject));
        const drafts = described.ofNode(known<Reads>(node), view);
        return finish(
          described,
          view,
          drafts.map((draft) => ({ node: node.spec.name, ...draft })),
        );
      });
  return { ...describe(described), ...specForm(described), ofFacts };
}

/** A check that compares nodes: those whose facts are not known are left out, and said to be. */
export function clusterCheck<Rules extends string, Reads extends FactSubject>(
  described: Described<Rules, Reads> & {
    readonly ofNodes: (nodes: readonly ReadNode<Reads>[], context: CheckContext) => readonly Draft<Rules>[];
  },
): Check {
  const ofFacts: FactsEvaluation = (view) => {
    const looked = view.nodes.map((node) => ({ node, unread: unreadSubjects(node.facts, described.reads) }));
    const readable = looked.filter(({ unread }) => unread.length === 0).map(({ node }) => known<Reads>(node));
    return [
      ...finish(described, view, described.ofNodes(readable, view)),
      ...looked.flatMap(({ node, unread }) => unread.map((subject) => undeterminedBy(described.id, node, subject))),
    ];
  };
  return { ...describe(described), ...specForm(described), ofFacts };
}

/** The gate has seen that the subjects are there. */
function known<Reads extends FactSubject>(node: NodeView): ReadNode<Reads> {
  return node as unknown as ReadNode<Reads>;
}

function describe({ id, title, scope, reads, shows, rules }: CheckDescriptor): CheckDescriptor {
  return { id, title, scope, reads, shows, rules };
}

function specForm<Rules extends string>(described: Described<Rules, FactSubject>) {
  const { ofSpec } = described;
  if (ofSpec === undefined) return {};
  return { ofSpec: (cluster: ClusterRequest) => finish(described, cluster, ofSpec(cluster)) };
}

/** Drafts of rules that do not hold for the cluster's version are dropped. */
function finish<Rules extends string>(
  { id, rules }: Pick<Described<Rules, FactSubject>, 'id' | 'rules'>,
  { spec }: Pick<ClusterRequest, 'spec'>,
  drafts: readonly Draft<Rules>[],
): readonly Finding[] {
  return drafts.flatMap((draft): readonly Finding[] => {
    const { node, evidence = [] } = draft;
    const place = node === undefined ? {} : { node };
    if ('untold' in draft) return [undetermined(id, place, draft.untold, evidence)];
    const { severity, kubernetes, remedy, fixedBy } = rules[draft.rule];
    if (!isWithin(spec.kubernetes.version, kubernetes)) return [];
    const repair = fixedBy === undefined ? {} : { fixedBy };
    return [
      {
        check: id,
        rule: draft.rule,
        severity,
        ...place,
        message: draft.message,
        evidence,
        remedy: draft.remedy ?? remedy,
        ...repair,
      },
    ];
  });
}

function undeterminedBy(check: string, { spec }: NodeView, { subject, reason }: UnreadSubject): Finding {
  return undetermined(check, { node: spec.name }, `the fact ${subject} is not known`, [reason]);
}

function undetermined(check: string, place: Pick<Finding, 'node'>, what: string, evidence: readonly string[]): Finding {
  return {
    check,
    severity: 'warning',
    ...place,
    message: `could not be told: ${what}`,
    evidence,
    remedy: 'Look at the reason; the log of drover-agent on the node may say more.',
    undetermined: true,
  };
}
