import type { Facts } from '@drover/proto';
import { readMembership } from '../../facts/membership.ts';
import type { InspectContext } from '../action.ts';
import { type Probe, probes } from '../probe.ts';
import type { JoinCredentials } from './join-credentials.ts';
import { bootstrapKubeconfig } from './kubelet.ts';
import { describeMark, type MembershipMark, readMark } from './membership-mark.ts';

/** The membership of an existing cluster that is asked for. */
export interface WantedMembership {
  readonly nodeName: string;
  /** Undefined in a dry run, which has none: whose an unmarked membership is remains unknown then. */
  readonly credentials: JoinCredentials | undefined;
  /** Of the CA of the cluster, as the plan knows it; a plan that was made before there was a cluster does not. */
  readonly caHash?: string;
}

/** What the disk says of a membership, and what this agent began. */
export interface FoundMembership {
  readonly membership: Facts['membership'];
  /** Of a join in the wanted role. */
  readonly mark: MembershipMark | undefined;
  readonly hasBootstrap: boolean;
  readonly evidence: readonly string[];
}

/** Reads the disk and this agent's mark. */
export async function findMembership(context: InspectContext, role: MembershipMark['role']): Promise<FoundMembership> {
  const { host } = context;
  const [membership, mark, bootstrap] = await Promise.all([
    readMembership(host),
    readMark(context),
    host.status(bootstrapKubeconfig),
  ]);
  const evidence = [
    ...(mark === undefined ? [] : [await describeMark(context, mark)]),
    ...(membership.kubeletConfigured ? [`the kubelet has credentials for ${clusterOf(membership)}`] : []),
    ...(membership.caHash === null ? [] : [`there is the CA of a cluster, ${membership.caHash}`]),
    ...(bootstrap === undefined ? [] : [`there is a bootstrap token (${bootstrapKubeconfig})`]),
    ...(membership.controlPlane ? ['there is a static pod of the API server'] : []),
    ...(membership.etcdData ? ['there is data of etcd (/var/lib/etcd/member)'] : []),
  ];
  // An init makes its CA; only a join has one from the beginning.
  const isWanted = mark?.role === role && mark.caHash !== null;
  return { membership, mark: isWanted ? mark : undefined, hasBootstrap: bootstrap !== undefined, evidence };
}

/** The cluster that the kubelet's credentials are for, as people read it. */
export function clusterOf({ apiServer }: Facts['membership']): string {
  return `the cluster at ${apiServer ?? 'an unknown address'}`;
}

/**
 * What to answer where the node is a member of another cluster than the wanted one; undefined where it is of this one, or
 * of none. A CA alone tells clusters apart: an address can be given to another one.
 */
export function findForeign(wanted: WantedMembership, found: FoundMembership): Probe | undefined {
  const { credentials } = wanted;
  const { membership, mark, evidence } = found;
  const { caHash, apiServer } = membership;
  if (credentials === undefined) {
    if (caHash === null || caHash === wanted.caHash || (mark !== undefined && mark.caHash === caHash)) return undefined;
    return probes.unknown(
      `whether ${clusterOf(membership)} is the wanted one only the join credentials tell`,
      evidence,
    );
  }
  if (caHash === null || caHash === credentials.caCertHash) return undefined;
  const isSameAddress = apiServer === `https://${credentials.apiServerEndpoint}`;
  const finding = isSameAddress
    ? `it has another CA than the cluster at ${credentials.apiServerEndpoint}, which was made anew or had its CA replaced`
    : `it is a member of ${clusterOf(membership)}`;
  return probes.conflict('foreign-cluster', finding, [...evidence, `wanted is ${credentials.caCertHash}`]);
}

/** A member that no join of this agent has made is one all the same, where it is known of which cluster. */
export function isKnownMember({ caHash }: WantedMembership, { membership }: FoundMembership): boolean {
  return caHash !== undefined && caHash === membership.caHash;
}
