import type { HostConfiguration } from '@drover/proto';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { SurveyedNode } from './cluster-survey.ts';
import type { ProposalNote, Unread } from './proposal.ts';

type Repository = ClusterSpec['repositories'][number];
type FoundRepository = HostConfiguration['repositories'][number];

/** The repositories of a proposal, and which has what. */
export interface ProposedRepositories {
  readonly value: readonly Unread<Repository>[];
  readonly notes: readonly ProposalNote[];
  /** The id of the one with kubelet, kubeadm and kubectl. */
  readonly kubernetes: string;
  /** The id of the one with Docker. */
  readonly docker: string;
}

const path = ['spec', 'repositories'] as const;

/**
 * Where the nodes' packages seem to come from, by the names of their repositories: no package tells it. A run defines them in
 * files of Drover's own, under ids that are free on every node, since package managers take one of two with the same id.
 */
export function proposeRepositories(members: readonly SurveyedNode[]): ProposedRepositories {
  const docker = propose(members, 0, { usualId: 'docker-ce', looksLike: /docker/i });
  const kubernetes = propose(members, 1, { usualId: 'kubernetes', looksLike: /kube/i });
  return {
    value: [docker.value, kubernetes.value],
    notes: [...docker.notes, ...kubernetes.notes],
    docker: docker.id,
    kubernetes: kubernetes.id,
  };
}

interface Wanted {
  readonly usualId: string;
  readonly looksLike: RegExp;
}

function propose(members: readonly SurveyedNode[], index: number, { usualId, looksLike }: Wanted) {
  const found = members.flatMap(({ name, configuration }) =>
    configuration.repositories
      .filter(({ id, baseUrl }) => baseUrl !== null && looksLike.test(`${id} ${baseUrl}`))
      .map((repository) => ({ name, repository })),
  );
  const best = found[0]?.repository;
  const id = freeId(best?.id ?? usualId, members);
  if (best === undefined) {
    const text = `no repository of the nodes looks like one with ${usualId}: fill in where it is`;
    return { id, value: { id, baseUrl: null }, notes: [{ path: [...path, index, 'baseUrl'], text }] };
  }
  const without = members
    .map(({ name }) => name)
    .filter((name) => !found.some((each) => each.name === name && each.repository.baseUrl === best.baseUrl));
  const origin = `taken, by its name, for the one with ${usualId}: [${best.id}] of ${best.file}`;
  const elsewhere = `${without.join(', ')} has it from elsewhere: a run defines this one there too`;
  return {
    id,
    value: toSpec(id, best),
    notes: [origin, ...(without.length === 0 ? [] : [elsewhere])].map((text) => ({
      path: [...path, index, 'id'],
      text,
    })),
  };
}

/** An id counts as taken where a file that is not Drover's defines it. */
function freeId(id: string, members: readonly SurveyedNode[]): string {
  const isTaken = members.some(({ configuration }) =>
    configuration.repositories.some((each) => each.id === id && each.file !== `/etc/yum.repos.d/drover-${id}.repo`),
  );
  return isTaken ? `${id}-drover` : id;
}

function toSpec(id: string, { name, baseUrl, gpgCheck, gpgKeys, exclude }: FoundRepository): Unread<Repository> {
  return {
    id,
    name,
    baseUrl,
    gpgCheck,
    ...(gpgKeys.length === 0 ? {} : { gpgKeys: [...gpgKeys] }),
    ...(exclude.length === 0 ? {} : { exclude: [...exclude] }),
  };
}
