import { DroverError } from '@drover/core';
import { type Static, type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { agentErrors } from '../../errors.ts';
import type { Command } from '../../host/host.ts';
import type { ApplyContext, InspectContext } from '../action.ts';

/** etcd on this machine, as kubeadm has it listen (cmd/kubeadm/app/phases/etcd/local.go). */
export const localEtcd = 'https://127.0.0.1:2379';

const pki = '/etc/kubernetes/pki/etcd';

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
 * The members as the cluster has agreed on them. A list alone is what one member remembers (etcd 3.4 has no other); after
 * a linearizable read by the same member it is as new as that read. Throws `etcd-unanswered`.
 */
export async function listMembers(context: InspectContext, endpoint = localEtcd): Promise<readonly EtcdMember[]> {
  await readLinearizably(context, endpoint);
  const { members } = await ask(context, { endpoint, path: '/v3/cluster/member/list', body: {} }, MemberList);
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
  const { header } = await ask(context, { endpoint, path: '/v3/maintenance/status', body: {} }, Status);
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
  const { alarms } = await ask(context, { endpoint, path: '/v3/maintenance/alarm', body: { action: 'GET' } }, Alarms);
  return alarms.map(({ alarm, memberID }) => `${alarm} of ${BigInt(memberID).toString(16)}`);
}

/** Whether a key is there, by a linearizable read. Throws `etcd-unanswered`. */
export async function hasKey(context: InspectContext, key: string): Promise<boolean> {
  const query = { key: Buffer.from(key).toString('base64'), count_only: true };
  const { count } = await ask(context, { endpoint: localEtcd, path: '/v3/kv/range', body: query }, Range);
  return count !== '0';
}

/** Removes a member by its id, as `EtcdMember` has it. Throws `etcd-unanswered`: then it may or may not have been removed. */
export async function removeMember(context: ApplyContext, id: string): Promise<void> {
  const body = { ID: BigInt(`0x${id}`).toString() };
  const command = toCommand(context, { endpoint: localEtcd, path: '/v3/cluster/member/remove', body });
  await answered(context, localEtcd, () => context.host.run(command));
}

/** etcdctl's own question for health (etcdctl/ctlv3/command/ep_command.go): reading any key through the quorum. */
async function readLinearizably(context: InspectContext, endpoint: string): Promise<void> {
  const key = Buffer.from('health').toString('base64');
  await ask(context, { endpoint, path: '/v3/kv/range', body: { key, count_only: true } }, Range);
}

/** One call of the gateway. */
interface Question {
  readonly endpoint: string;
  readonly path: string;
  readonly body: object;
}

async function ask<T extends TSchema>(context: InspectContext, question: Question, schema: T): Promise<Static<T>> {
  const { endpoint, path } = question;
  const command = toCommand(context, question);
  const { stdout } = await answered(context, endpoint, () => context.host.query(command));
  try {
    const answer: unknown = JSON.parse(stdout);
    return Value.Parse(schema, Value.Default(schema, answer));
  } catch (cause) {
    const evidence = [stdout.slice(0, 500)];
    const reason = `its answer to ${path} does not have the form of etcd 3.4 or later`;
    throw agentErrors.create('cluster-answer-unexpected', {
      tried: `ask etcd at ${endpoint}`,
      reason,
      evidence,
      cause,
    });
  }
}

/**
 * etcd's JSON gateway (etcd.io/docs/v3.4/dev-guide/api_grpc_gateway), by curl, which every system with rpm has: etcdctl is
 * in a container at best. The client certificate is kubeadm's own for its health checks; arguments name files alone.
 */
function toCommand(context: InspectContext, { endpoint, path, body }: Question): Command {
  const certificates = [`--cacert=${pki}/ca.crt`, `--cert=${pki}/healthcheck-client.crt`];
  const options = ['--silent', '--show-error', '--fail', '--noproxy', '*', '--max-time', '8'];
  return {
    argv: [
      'curl',
      ...options,
      ...certificates.flatMap((option) => option.split('=')),
      '--key',
      `${pki}/healthcheck-client.key`,
      '--data',
      JSON.stringify(body),
      `${endpoint}${path}`,
    ],
    timeoutMs: 10_000,
    signal: context.signal,
  };
}

async function answered<T>(context: InspectContext, endpoint: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    const isSilence = thrown instanceof DroverError && ['command-failed', 'command-timed-out'].includes(thrown.code);
    if (!isSilence) throw thrown;
    throw agentErrors.create('etcd-unanswered', {
      tried: `ask etcd at ${endpoint}`,
      node: context.nodeName,
      reason: 'it does not answer, or has no quorum',
      evidence: thrown.problem.evidence,
      cause: thrown,
    });
  }
}
