import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import type { ClusterSurvey } from './cluster-survey.ts';
import type { ClusterProposal, ProposalNote, Proposed } from './proposal.ts';
import { proposeDocker } from './propose-docker.ts';
import { proposeEndpoint } from './propose-endpoint.ts';
import { proposeNodes } from './propose-nodes.ts';
import { proposeRepositories } from './propose-repositories.ts';

/**
 * The cluster file of what is there: each value from the cluster itself, kubeadm's own record, or the nodes; null, with a
 * note, where none of them tells. A pure function: equal surveys make equal proposals.
 */
export function proposeCluster(name: string, survey: ClusterSurvey): ClusterProposal {
  const repositories = proposeRepositories(survey.members);
  const kubernetes = proposeKubernetes(survey, repositories.kubernetes);
  const endpoint = proposeEndpoint(survey);
  const networking = proposeNetworking(survey);
  const docker = proposeDocker(survey.members, repositories.docker);
  const selinux = proposeSelinux(survey);
  const nodes = proposeNodes(survey);
  const parts = [kubernetes, endpoint, networking, docker, repositories, selinux, nodes];
  return {
    document: {
      apiVersion: 'drover.dev/v1',
      kind: 'Cluster',
      metadata: { name },
      spec: {
        kubernetes: kubernetes.value,
        controlPlaneEndpoint: endpoint.value,
        networking: networking.value,
        runtime: { docker: docker.value },
        repositories: repositories.value,
        selinux: selinux.value,
        nodes: nodes.value,
      },
    },
    notes: [
      ...survey.members.flatMap((member) =>
        member.configuration.withheld.map((text) => ({ path: ['spec'], text: `${member.name} does not tell ${text}` })),
      ),
      ...parts.flatMap(({ notes }) => notes),
    ],
  };
}

/** kubeadm's own registries (cmd/kubeadm/app/apis/kubeadm/v1beta2, defaults.go; registry.k8s.io since the patch releases of 2022). */
const usualRegistries = ['k8s.gcr.io', 'registry.k8s.io'];

function proposeKubernetes(
  { kubeadm, objects, members }: ClusterSurvey,
  repository: string,
): Proposed<ClusterSpec['kubernetes']> {
  const path = ['spec', 'kubernetes', 'version'];
  const { kubernetesVersion: version, imageRepository, missingPhases } = kubeadm;
  const differing = objects
    .filter(({ name, kubeletVersion }) => kubeletVersion !== version && members.some((member) => member.name === name))
    .map(({ name, kubeletVersion }) => ({
      path,
      text: `the kubelet of ${name} is ${kubeletVersion}: no run begins before all are at one version`,
    }));
  const isUsual = imageRepository === null || usualRegistries.includes(imageRepository);
  return {
    value: {
      version,
      repository,
      ...(isUsual ? {} : { imageRepository }),
      ...(missingPhases.length === 0 ? {} : { skippedPhases: [...missingPhases] }),
    },
    notes: differing,
  };
}

function proposeNetworking({ kubeadm }: ClusterSurvey): Proposed<ClusterSpec['networking']> {
  const podCidr = firstNetwork(kubeadm.podSubnet);
  const serviceCidr = firstNetwork(kubeadm.serviceSubnet);
  const path = ['spec', 'networking'];
  const missing = (key: string, owner: string): ProposalNote => ({
    path: [...path, key],
    text: `kubeadm wrote no IPv4 network down: fill in the one that ${owner} was given`,
  });
  return {
    value: { podCidr, serviceCidr },
    notes: [
      ...(podCidr === null ? [missing('podCidr', 'the pod network')] : []),
      ...(serviceCidr === null ? [missing('serviceCidr', 'the API server')] : []),
      { path, text: 'no manifest: the pod network stays what it is, and whoever applied it keeps it' },
    ],
  };
}

/** Of two stacks the one that Drover knows. */
function firstNetwork(subnets: string | null): string | null {
  return (subnets ?? '').split(',').find((subnet) => /^[0-9.]+\/\d+$/.test(subnet)) ?? null;
}

/** Enforcing where all are: the other way round a run would weaken a machine. */
function proposeSelinux({ members }: ClusterSurvey): Proposed<NonNullable<ClusterSpec['selinux']>> {
  const enforcing = members.filter(({ facts }) => facts.selinux.runtime === 'enforcing').map(({ name }) => name);
  if (enforcing.length === members.length) return { value: 'enforcing', notes: [] };
  const text = `enforcing on ${enforcing.join(', ')} alone: a run makes all of them the same`;
  const notes = enforcing.length === 0 ? [] : [{ path: ['spec', 'selinux'], text }];
  return { value: 'permissive', notes };
}
