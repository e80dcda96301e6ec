import { isIP } from 'node:net';
import type { ClusterSpec } from '../clusters/cluster-spec.ts';
import { type ClusterSurvey, controlPlaneMembers, type SurveyedNode } from './cluster-survey.ts';
import type { ProposalNote, Proposed } from './proposal.ts';

type Endpoint = ClusterSpec['controlPlaneEndpoint'];
type Served = Pick<Endpoint, 'address' | 'servedBy'>;

const path = ['spec', 'controlPlaneEndpoint'] as const;
const usualPort = 6443;

/** Where the nodes reach the API now, and what /etc/hosts of a machine that is installed anew would have to say of it. */
export function proposeEndpoint(survey: ClusterSurvey): Proposed<Endpoint> {
  const given = survey.kubeadm.controlPlaneEndpoint;
  const { host, port } = split(given ?? usedEndpoint(survey.members));
  const served = host === null ? { value: {}, notes: [] } : proposeServed(host, survey);
  const listensUsually = controlPlaneMembers(survey).some(({ facts }) =>
    facts.network.listeners.some((listener) => listener.port === usualPort),
  );
  return {
    value: {
      host,
      ...(port === usualPort ? {} : { port }),
      ...served.value,
      ...(port === usualPort || !listensUsually ? {} : { apiServerPort: usualPort }),
    },
    notes: [
      ...(given === null ? [{ path: [...path, 'host'], text: withoutEndpoint }] : []),
      ...served.notes,
      ...survey.members.flatMap((member) => otherWay(member, survey, `https://${host}:${port}`)),
    ],
  };
}

const withoutEndpoint =
  'kubeadm was given no endpoint: this is where the nodes reach the API server. No further control-plane node can join such a cluster';

/** The workers' kubelets say where the API is for everybody; a control-plane node's may speak to its own API server. */
function usedEndpoint(members: readonly SurveyedNode[]): string {
  const servers = [...members]
    .toSorted((a, b) => Number(a.facts.membership.controlPlane) - Number(b.facts.membership.controlPlane))
    .map(({ facts }) => facts.membership.apiServer);
  return (servers.find((server) => server !== null) ?? '').replace(/^https:\/\//, '');
}

function split(endpoint: string): { readonly host: string | null; readonly port: number } {
  const { host, port } = /^(?<host>.+?)(?::(?<port>\d+))?$/.exec(endpoint)?.groups ?? {};
  return { host: host ?? null, port: port === undefined ? usualPort : Number(port) };
}

/** What stands behind the name, by the addresses that the nodes' /etc/hosts have for it. */
function proposeServed(
  host: string,
  survey: ClusterSurvey,
): { readonly value: Served; readonly notes: readonly ProposalNote[] } {
  const controlPlanes = controlPlaneMembers(survey).map(({ name }) => addressOf(name, survey));
  const isSingle = controlPlanes.length === 1;
  const known = isIP(host) === 0 ? addressesInHosts(host, survey) : [host];
  const [address] = known;
  if (address === undefined) return { value: {}, notes: [{ path: [...path, 'host'], text: resolvedElsewhere }] };
  const areNodes = known.every((each) => controlPlanes.includes(each));
  if (known.length > 1 && areNodes) return { value: { servedBy: { kind: 'hosts' } }, notes: [] };
  if (known.length > 1)
    return { value: {}, notes: [{ path: [...path, 'host'], text: `${severalAddresses}: ${known.join(', ')}` }] };
  const hostsLine = host === address ? {} : { address };
  if (areNodes) return { value: { ...hostsLine, ...(isSingle ? {} : { servedBy: { kind: 'node' } }) }, notes: [] };
  return { value: hostsLine, notes: [{ path, text: somebodyElses }] };
}

const resolvedElsewhere =
  'no /etc/hosts has this name: a machine that is installed anew has to resolve it as these do. What stands behind it is taken for somebody else’s (servedBy.kind external), and left alone';

const severalAddresses =
  'the nodes’ /etc/hosts have several addresses for this name, not all of control-plane nodes: say in address or hosts what a machine that is installed anew is to have';

const somebodyElses =
  'what stands behind this address was not looked at: it is taken for somebody else’s (servedBy.kind external), and left alone';

function addressOf(name: string, { objects }: ClusterSurvey): string | null {
  return objects.find((object) => object.name === name)?.internalAddress ?? null;
}

function addressesInHosts(host: string, { members }: ClusterSurvey): readonly string[] {
  const lines = members.flatMap(({ configuration }) => configuration.hosts);
  return [...new Set(lines.filter(({ names }) => names.includes(host)).map(({ address }) => address))];
}

/** A run is refused for such a node: it might belong to another cluster. */
function otherWay({ name, facts }: SurveyedNode, survey: ClusterSurvey, endpoint: string): readonly ProposalNote[] {
  const { apiServer, controlPlane } = facts.membership;
  const isOwn = controlPlane && apiServer === `https://${addressOf(name, survey)}:${usualPort}`;
  if (apiServer === null || apiServer === endpoint || isOwn) return [];
  const remedy = `no run begins before its /etc/kubernetes/kubelet.conf says ${endpoint}`;
  return [{ path: [...path, 'host'], text: `${name} reaches the API at ${apiServer} instead: ${remedy}` }];
}
