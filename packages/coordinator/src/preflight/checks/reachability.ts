import { firewallFilters } from '../../plan/firewall-filters.ts';
import { closedPorts, firewallOpenings } from '../../plan/firewall-openings.ts';
import { nodeAddress } from '../../plan/node-address.ts';
import type { Reachability, SurveyedLink, SurveyedPort } from '../../plan/reachability.ts';
import { type CheckContext, clusterCheck, type Draft, type ReadNode } from '../define-check.ts';
import { mendedBy } from './mended-by.ts';
import { remedyFor } from './reachability-remedy.ts';

const source = 'https://kubernetes.io/docs/reference/networking/ports-and-protocols/';
const etcdSource = 'https://etcd.io/docs/v3.5/tuning/';

/** etcd's heartbeat is 100 ms, and should be about as long as a round trip: half of it leaves room for its disk. */
const slowMs = 50;

/** As many ways are named; more of them say nothing new. */
const namedWays = 8;

/** A way that is closed ends in a time limit, minutes later, that names neither port nor machine. */
export const reachability = clusterCheck({
  id: 'reachability',
  title: 'Nodes reach each other on the ports of their roles, with packets of full size',
  scope: 'cluster',
  reads: ['firewall', 'network'],
  shows: 'What each node found when it tried the others, while all of them listened',
  rules: {
    closed: {
      severity: 'error',
      when: 'An API server or etcd is not reached by a node that needs it',
      source,
      remedy: 'Open the port between the two.',
    },
    limited: {
      severity: 'warning',
      when: 'A kubelet, or the port of the pod network, is not reached by a node that needs it',
      source,
      remedy: 'Open the port between the two.',
    },
    managed: {
      ...mendedBy('configure-firewall'),
      when: 'The same as the two, where a firewall of the node keeps it out and the cluster file says `firewall: {mode: manage}`',
      source,
    },
    otherNode: {
      severity: 'error',
      when: 'At the address of a node another one answers',
      remedy: 'Give each machine an address of its own, and the cluster file the one that leads to it.',
    },
    stranger: {
      severity: 'error',
      when: 'At the address of a node somebody answers who is none of the nodes',
      remedy: 'See what has the address, and what stands between the two machines.',
    },
    largePacketsLost: {
      severity: 'error',
      when: 'Packets that the interface sends do not arrive, and nobody tells the sender: connections open, and hang',
      remedy: 'Give the interface the MTU of the way, or let ICMP (fragmentation needed) through.',
    },
    narrow: {
      severity: 'warning',
      when: 'A router between two nodes passes smaller packets than their interfaces send, and says so',
      remedy: 'Give the pod network an MTU that fits the way: 50 bytes less for VXLAN.',
    },
    slow: {
      severity: 'warning',
      when: `A round trip between two control-plane nodes takes more than ${slowMs} ms`,
      source: etcdSource,
      remedy: 'Put the control-plane nodes nearer to each other, or raise etcd’s heartbeat and election intervals.',
    },
  },
  ofNodes: (nodes, context) => {
    const { reachability: found } = context;
    if (found === undefined) return [];
    return [
      ...portDrafts(found, context, keptOut(nodes, context)),
      ...found.links.flatMap((link) => packetDrafts(link, context)),
      ...found.links.flatMap((link) => latencyDrafts(link, context)),
      ...found.unsurveyed.map(({ node, reason }) => ({ node, untold: 'who reaches the node', evidence: [reason] })),
    ];
  },
});

type Rules = 'closed' | 'limited' | 'managed' | 'otherNode' | 'stranger' | 'largePacketsLost' | 'narrow' | 'slow';

/** A port of one node as some others found it. */
export interface Fault {
  readonly link: SurveyedLink;
  readonly port: SurveyedPort;
  readonly rule: Rules;
}

/** One finding for each port and kind of fault, whoever tried it. */
function portDrafts(found: Reachability, context: CheckContext, isKeptOut: KeptOut): readonly Draft<Rules>[] {
  const faults = found.links.flatMap((link) =>
    link.ports.flatMap((port): readonly Fault[] => {
      const rule = isKeptOut(link, port) ? 'managed' : ruleOf(port);
      return rule === undefined ? [] : [{ link, port, rule }];
    }),
  );
  const groups = Map.groupBy(
    faults,
    ({ link, port, rule }) => `${rule} ${link.to} ${port.protocol}/${port.port} ${port.state}`,
  );
  return [...groups.values()].flatMap((group): readonly Draft<Rules>[] => {
    const [first] = group;
    if (first === undefined) return [];
    const { link, rule } = first;
    const sources = group.map((fault) => fault.link.from);
    return [
      {
        rule,
        ...placeOf(link, sources, context),
        message: describe(first, list(sources)),
        evidence: group.slice(0, namedWays).map((fault) => evidenceOf(fault)),
        ...(rule === 'managed' ? {} : remedyFor(first, sources, found)),
      },
    ];
  });
}

/** Whether it is a firewall of the node's own, which the run opens, that keeps somebody out. */
type KeptOut = (link: SurveyedLink, port: SurveyedPort) => boolean;

function keptOut(nodes: readonly ReadNode<'firewall' | 'network'>[], { spec, targets }: CheckContext): KeptOut {
  if (spec.firewall?.mode !== 'manage') return () => false;
  const closed = nodes.flatMap(({ spec: node, facts }) => {
    const wanted = firewallOpenings({ spec, nodes }, node);
    return firewallFilters(facts.firewall).flatMap((filter) =>
      closedPorts(wanted, filter).map(({ source: from, place }) => `${node.name} ${place} ${from}`),
    );
  });
  const addresses = new Map(nodes.map((node) => [node.spec.name, nodeAddress(node)]));
  return ({ from, to }, { port, protocol, state }) =>
    targets.includes(to) &&
    ['refused', 'unreachable', 'dropped'].includes(state) &&
    closed.includes(`${to} ${port}/${protocol} ${addresses.get(from)}`);
}

function ruleOf({ state, purpose }: SurveyedPort): Rules | undefined {
  switch (state) {
    case 'other-node':
      return 'otherNode';
    case 'other':
      return 'stranger';
    case 'refused':
    case 'unreachable':
    case 'dropped':
      return purpose === 'api-server' || purpose === 'etcd' ? 'closed' : 'limited';
    case 'reached':
    case 'in-use':
    case 'unmeasured':
      return undefined;
  }
}

function describe(
  { link: { to, address }, port: { state, port, protocol, purpose, answeredBy } }: Fault,
  sources: string,
) {
  const place = `${port}/${protocol} (${purposes[purpose]})`;
  if (state === 'other-node')
    return `at ${address} ${answeredBy} answers on ${place} instead of ${to}, as seen from ${sources}`;
  if (state === 'other')
    return `at ${address} somebody else answers on ${place} instead of ${to}, as seen from ${sources}`;
  const why = {
    dropped: 'nothing comes back',
    refused: 'it is refused',
    unreachable: 'the network says that there is no way',
  };
  return `${to} (${address}) is not reached from ${sources} on ${place}: ${state in why ? why[state as keyof typeof why] : state}`;
}

const purposes: Readonly<Record<SurveyedPort['purpose'], string>> = {
  'api-server': 'API server',
  etcd: 'etcd',
  kubelet: 'kubelet',
  'pod-network': 'pod network',
};

function evidenceOf({ link, port }: Fault): string {
  const answered = port.answeredBy === null ? port.reason : `answered by ${port.answeredBy}`;
  return `${link.from} > ${link.to} ${port.port}/${port.protocol}: ${port.state}${answered === '' ? '' : `, ${answered}`}`;
}

function packetDrafts(link: SurveyedLink, context: CheckContext): readonly Draft<Rules>[] {
  const { from, to, mtuBytes, interfaceMtuBytes, isMtuTold } = link;
  if (mtuBytes === null || interfaceMtuBytes === null || mtuBytes >= interfaceMtuBytes) return [];
  const way = `packets of more than ${mtuBytes} bytes`;
  const message = isMtuTold
    ? `${way} do not fit the way from ${from} to ${to}, and its interface sends ${interfaceMtuBytes}`
    : `${way} are lost from ${from} to ${to}, and its interface sends ${interfaceMtuBytes}`;
  const evidence = [`${from} > ${to} at ${link.address}: ${mtuBytes} of ${interfaceMtuBytes} bytes`];
  return [{ rule: isMtuTold ? 'narrow' : 'largePacketsLost', ...placeOf(link, [from], context), message, evidence }];
}

function latencyDrafts(link: SurveyedLink, context: CheckContext): readonly Draft<Rules>[] {
  const { from, to, latencyMs, ports } = link;
  if (latencyMs === null || latencyMs <= slowMs || !ports.some(({ purpose }) => purpose === 'etcd')) return [];
  const message = `a round trip from ${from} to ${to} takes ${Math.round(latencyMs)} ms`;
  return [{ rule: 'slow', ...placeOf(link, [from], context), message, evidence: [`${latencyMs.toFixed(1)} ms`] }];
}

/** The node that is not reached; where it is no target, the one that is. */
function placeOf({ to }: SurveyedLink, sources: readonly string[], { targets }: CheckContext) {
  const [node] = [to, ...sources].filter((name) => targets.includes(name));
  return node === undefined ? {} : { node };
}

function list(names: readonly string[]): string {
  if (names.length <= 3) return names.join(', ');
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}
