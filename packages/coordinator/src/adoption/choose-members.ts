import type { Fault } from '@drover/core';
import type { Facts } from '@drover/proto';

/** A node that answers, with what it says of itself now; unless it was named, one of no other cluster. */
export interface Candidate {
  readonly name: string;
  readonly nodeId: string;
  readonly facts: Facts;
  /** The stored cluster that names it. */
  readonly cluster?: string;
}

/** Which nodes are meant. */
export interface MembersRequest {
  /** The name that the cluster is to have. */
  readonly cluster: string;
  /** By name. @default all that show the cluster, and are in no stored one */
  readonly nodes?: readonly string[];
  /** Of the cluster. @default the one that the nodes show */
  readonly caHash?: string;
}

/** The members of one cluster, control-plane nodes first, or why they are none. */
export type MembersChoice =
  | { readonly members: readonly Candidate[]; readonly caHash: string }
  | { readonly faults: readonly Fault[] };

/** Tells clusters apart by their CAs alone: an address can be given to another one. */
export function chooseMembers(candidates: readonly Candidate[], request: MembersRequest): MembersChoice {
  const isNamed = request.nodes !== undefined;
  const shown = candidates.filter(({ facts }) => isNamed || isMember(facts));
  const hashes = [...new Set(shown.flatMap(({ facts }) => facts.membership.caHash ?? []))];
  const caHash = request.caHash ?? (hashes.length === 1 ? hashes[0] : undefined);
  if (caHash === undefined) return { faults: [withoutOneCluster(hashes, shown)] };
  const members = isNamed ? shown : shown.filter(({ facts }) => facts.membership.caHash === caHash);
  const faults = [
    ...members.flatMap((member) => memberFaults(member, request.cluster, caHash)),
    ...roleFaults(members, caHash),
  ];
  if (faults.length > 0) return { faults };
  return { members: members.toSorted(byRoleAndName), caHash };
}

function isMember({ membership }: Facts): boolean {
  return membership.kubeletConfigured && membership.caHash !== null;
}

function withoutOneCluster(hashes: readonly string[], shown: readonly Candidate[]): Fault {
  if (hashes.length === 0) return { path: 'nodes', message: 'none of the nodes that answer is a member of a cluster' };
  const clusters = hashes.map((hash) => {
    const names = shown.filter(({ facts }) => facts.membership.caHash === hash).map(({ name }) => name);
    return `${hash} on ${names.join(', ')}`;
  });
  return { path: 'caHash', message: `they are of ${hashes.length} clusters, by their CAs: ${clusters.join('; ')}` };
}

function memberFaults({ name, facts, cluster }: Candidate, wanted: string, caHash: string): readonly Fault[] {
  const fault = (message: string): Fault => ({ path: 'nodes', message: `${name} ${message}` });
  const { membership } = facts;
  if (cluster !== undefined && cluster !== wanted) return [fault(`is a node of ${cluster} already`)];
  if (!isMember(facts)) return [fault('is a member of no cluster')];
  if (membership.caHash !== caHash) return [fault(`is a member of another cluster: its CA is ${membership.caHash}`)];
  if (facts.kubernetes.kubelet === null)
    return [fault('has no package kubelet: what runs there was installed otherwise')];
  return [];
}

function roleFaults(members: readonly Candidate[], caHash: string): readonly Fault[] {
  if (members.some(({ facts }) => facts.membership.controlPlane)) return [];
  const message = `none of the nodes is a control-plane node of the cluster with the CA ${caHash}`;
  return [{ path: 'nodes', message }];
}

function byRoleAndName(a: Candidate, b: Candidate): number {
  const rank = ({ facts }: Candidate): number => (facts.membership.controlPlane ? 0 : 1);
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}
