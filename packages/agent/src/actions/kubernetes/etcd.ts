import { DroverError } from '@drover/core';
import { Type } from 'typebox';
import type { ApplyContext, InspectContext } from '../action.ts';
import { askEtcd, changeEtcd } from './etcd-gateway.ts';

/** etcd on this machine, as kubeadm has it listen (cmd/kubeadm/app/phases/etcd/local.go). */
export const localEtcd = 'https://127.0.0.1:2379';

/** Members' ids are unsigned 64-bit numbers, which JSON of the gateway carries as decimal text; absent fields are zero. */
const Member = Type.Object({
  ID: Type.String(),
  /** Absent until the member has started for the first time. */
  name: Type.String({ default: '' }),
  peerURLs: Type.Array(Type.String(), { default: [] }),
  clientURLs: Type.Array(Type.String(), { default: [] }),
  isLearner: Type.Boolean({ default: false }),
});
const MemberList = Type.Object({ members: Type.Array(Member, { default: [] }) });
const Alarms = Type.Object({
  alarms: Type.Array(Type.Object({ memberID: Type.String({ default: '0' }), alarm: Type.String() }), { default: [] }),
});
const Status = Type.Object({ header: Type.Object({ member_id: Type.String() }) });
const Range = Type.Object({ count: Type.String({ default: '0' }) });
const RangeHeader = Type.Object({ header: Type.Object({ revision: Type.String() }) });

/** A member of an etcd cluster. */
export interface EtcdMember {
  /** In small hexadecimal digits, as etcdctl prints it. */
  readonly id: string;
  /** Empty when it has never been started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

/**
 * The members as the cluster has agreed on them. A list alone is what one member remembers; after a linearizable read by the
 * same member it is as new as that read. Throws `etcd-unanswered`.
 */
export async function listMembers(context: InspectContext, endpoint = localEtcd): Promise<readonly EtcdMember[]> {
  await readLinearizably(context, endpoint);
  return await recallMembers(context, endpoint);
}

/** The members as one of them remembers them, with or without a quorum. Throws `etcd-unanswered`. */
export async function recallMembers(context: InspectContext, endpoint = localEtcd): Promise<readonly EtcdMember[]> {
  const { members } = await askEtcd(context, { endpoint, path: '/v3/cluster/member/list', body: {} }, MemberList);
  return members.map(({ ID, name, peerURLs, clientURLs, isLearner }) => ({
    id: BigInt(ID).toString(16),
    name,
    peerUrls: peerURLs,
    clientUrls: clientURLs,
    isLearner,
  }));
}

/**
 * The member that a node is, or was before its disk was wiped: kubeadm gives it the node's name, once it has started, and
 * from the beginning this peer URL.
 */
export function findListed(
  members: readonly EtcdMember[],
  nodeName: string,
  peerAddress: string,
): EtcdMember | undefined {
  const host = peerAddress.includes(':') ? `[${peerAddress}]` : peerAddress;
  return members.find(({ name, peerUrls }) => name === nodeName || peerUrls.includes(`https://${host}:2380`));
}

/** As people read it. */
export function describeMember({ id, name, peerUrls, isLearner }: EtcdMember): string {
  const kind = isLearner ? 'learner' : 'member';
  return `${kind} ${id} (${name === '' ? 'never started' : name}, ${peerUrls.join(', ')})`;
}

/** The id of the member that answers, as `EtcdMember` has it. Throws `etcd-unanswered`. */
export async function ownMemberId(context: InspectContext, endpoint = localEtcd): Promise<string> {
  const { header } = await askEtcd(context, { endpoint, path: '/v3/maintenance/status', body: {} }, Status);
  return BigInt(header.member_id).toString(16);
}

/** Whether a member serves linearizable reads: it runs, and a quorum with it. */
export async function isHealthy(context: InspectContext, endpoint: string): Promise<boolean> {
  return await readLinearizably(context, endpoint).then(
    () => true,
    (error: unknown) => {
      if (error instanceof DroverError && error.code === 'etcd-unanswered') return false;
      throw error;
    },
  );
}

/** The alarms that are raised, as `NOSPACE of 8e9e05c52164694d`. Throws `etcd-unanswered`. */
export async function listAlarms(context: InspectContext, endpoint = localEtcd): Promise<readonly string[]> {
  const { alarms } = await askEtcd(
    context,
    { endpoint, path: '/v3/maintenance/alarm', body: { action: 'GET' } },
    Alarms,
  );
  return alarms.map(({ alarm, memberID }) => `${alarm} of ${BigInt(memberID).toString(16)}`);
}

/** Whether a key is there, by a linearizable read. Throws `etcd-unanswered`. */
export async function hasKey(context: InspectContext, key: string): Promise<boolean> {
  const query = { key: Buffer.from(key).toString('base64'), count_only: true };
  const { count } = await askEtcd(context, { endpoint: localEtcd, path: '/v3/kv/range', body: query }, Range);
  return count !== '0';
}

/** The revision of etcd's data, by a linearizable read. Throws `etcd-unanswered`. */
export async function readRevision(context: InspectContext): Promise<bigint> {
  const body = { key: Buffer.from('health').toString('base64'), count_only: true };
  const { header } = await askEtcd(context, { endpoint: localEtcd, path: '/v3/kv/range', body }, RangeHeader);
  return BigInt(header.revision);
}

/** Removes a member by its id, as `EtcdMember` has it. Throws `etcd-unanswered`: then it may or may not have been removed. */
export async function removeMember(context: ApplyContext, id: string): Promise<void> {
  const body = { ID: BigInt(`0x${id}`).toString() };
  await changeEtcd(context, { endpoint: localEtcd, path: '/v3/cluster/member/remove', body });
}

/** etcdctl's own question for health (etcdctl/ctlv3/command/ep_command.go): reading any key through the quorum. */
async function readLinearizably(context: InspectContext, endpoint: string): Promise<void> {
  const key = Buffer.from('health').toString('base64');
  await askEtcd(context, { endpoint, path: '/v3/kv/range', body: { key, count_only: true } }, Range);
}
