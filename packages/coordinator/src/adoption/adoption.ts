import { DroverError, type Fault } from '@drover/core';
import { ClusterNodes, HostConfiguration, KubeadmCluster } from '@drover/proto';
import type { Clusters } from '../clusters/clusters.ts';
import { coordinatorErrors } from '../errors.ts';
import type { NodeRecord } from '../inventory/node-record.ts';
import type { Nodes } from '../inventory/nodes.ts';
import type { FactsGatherer } from '../sessions/gather-facts.ts';
import { type Query, queryNode } from '../sessions/query-node.ts';
import type { NodeSessions } from '../sessions/sessions.ts';
import { type Candidate, chooseMembers, type MembersRequest } from './choose-members.ts';
import type { ClusterSurvey } from './cluster-survey.ts';
import type { ClusterProposal } from './proposal.ts';
import { proposeCluster } from './propose-cluster.ts';
import { surveyFaults } from './survey-faults.ts';

/** Clusters that somebody else has made: what is there becomes a cluster file, and nothing is changed. */
export interface Adoption {
  /**
   * Looks at the nodes and at their cluster, and proposes a file. Stores nothing. Throws `adoption-refused` with every
   * reason, `not-found` and `node-not-connected` for nodes that were named, and `operation-failed` with an agent's own.
   */
  propose(request: MembersRequest, signal: AbortSignal): Promise<ClusterProposal>;
}

/** The way to the nodes. */
export interface AdoptionOptions {
  readonly nodes: Pick<Nodes, 'list' | 'findByName'>;
  readonly clusters: Pick<Clusters, 'list'>;
  readonly sessions: Pick<NodeSessions, 'find' | 'run'>;
  readonly facts: Pick<FactsGatherer, 'gather'>;
  readonly newOperationId: () => string;
}

/** Asks over the nodes' sessions, by queries alone. */
export function createAdoption(options: AdoptionOptions): Adoption {
  return {
    propose: async (request, signal) => {
      const tried = `propose a cluster file for ${request.cluster}`;
      const candidates = await findCandidates(options, request, tried, signal);
      const choice = chooseMembers(candidates, request);
      if ('faults' in choice) throw refused(tried, choice.faults);
      const survey = await surveyCluster(options, choice, tried, signal);
      const faults = surveyFaults(survey);
      if (faults.length > 0) throw refused(tried, faults);
      return proposeCluster(request.cluster, survey);
    },
  };
}

function refused(tried: string, faults: readonly Fault[]): DroverError {
  const reason = faults.map(({ message }) => message).join('; ');
  return coordinatorErrors.create('adoption-refused', { tried, reason, faults });
}

/** Those that were named, or all that are connected and in no other cluster. */
async function findCandidates(
  { nodes, clusters, sessions, facts }: AdoptionOptions,
  { cluster: wanted, nodes: names }: MembersRequest,
  tried: string,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const stored = await clusters.list();
  const clusterOf = (name: string) => stored.find(({ spec }) => spec.nodes.some((node) => node.name === name))?.name;
  const named = await Promise.all((names ?? []).map((name) => find(nodes, name, tried)));
  const isFree = ({ name }: NodeRecord) => [undefined, wanted].includes(clusterOf(name));
  const records = names === undefined ? (await nodes.list()).filter(isFree) : named;
  const present = records.filter(({ nodeId }) => sessions.find(nodeId) !== undefined);
  const away = named.filter((record) => !present.includes(record));
  if (away.length > 0) throw notConnected(away, tried);
  return await Promise.all(
    present.map(async ({ name, nodeId }) => {
      const cluster = clusterOf(name);
      const gathered = await facts.gather(nodeId, signal);
      return { name, nodeId, facts: gathered.facts, ...(cluster === undefined ? {} : { cluster }) };
    }),
  );
}

async function find(nodes: AdoptionOptions['nodes'], name: string, tried: string): Promise<NodeRecord> {
  const record = await nodes.findByName(name);
  if (record !== undefined) return record;
  throw coordinatorErrors.create('not-found', { tried, node: name, reason: `no node is called ${name}` });
}

function notConnected(away: readonly NodeRecord[], tried: string): DroverError {
  const names = away.map(({ name }) => name);
  return coordinatorErrors.create('node-not-connected', {
    tried,
    ...(names.length === 1 && names[0] !== undefined ? { node: names[0] } : {}),
    reason: `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not connected`,
    faults: names.map((name) => ({ path: 'nodes', message: `${name} is not connected` })),
  });
}

async function surveyCluster(
  options: AdoptionOptions,
  { members, caHash }: { readonly members: readonly Candidate[]; readonly caHash: string },
  tried: string,
  signal: AbortSignal,
): Promise<ClusterSurvey> {
  const queryOf = ({ name, nodeId }: Candidate) => queryNode(options, { tried, node: name, nodeId, signal });
  const [seen, surveyed] = await Promise.all([
    askControlPlane(members, queryOf, signal),
    Promise.all(
      members.map(async (member) => ({
        name: member.name,
        facts: member.facts,
        configuration: await queryOf(member)({ name: 'read-host-configuration', params: {} }, HostConfiguration),
      })),
    ),
  ]);
  return { caHash, members: surveyed, ...seen };
}

/** Any control-plane node tells the same: one that cannot makes room for the next. Throws what the last one's agent said. */
async function askControlPlane(
  members: readonly Candidate[],
  queryOf: (member: Candidate) => Query,
  signal: AbortSignal,
): Promise<Pick<ClusterSurvey, 'askedNode' | 'kubeadm' | 'objects'>> {
  const [member, ...others] = members.filter(({ facts }) => facts.membership.controlPlane);
  if (member === undefined) throw new TypeError('members without a control-plane node do not get so far');
  const ask = queryOf(member);
  try {
    const [kubeadm, { nodes }] = await Promise.all([
      ask({ name: 'read-kubeadm-cluster', params: {} }, KubeadmCluster),
      ask({ name: 'list-cluster-nodes', params: {} }, ClusterNodes),
    ]);
    return { askedNode: member.name, kubeadm, objects: nodes };
  } catch (error) {
    if (others.length === 0 || signal.aborted || !(error instanceof DroverError)) throw error;
    return await askControlPlane(others, queryOf, signal);
  }
}
