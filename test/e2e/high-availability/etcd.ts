import { onHost } from '../quick-start.ts';

const pki = '/etc/kubernetes/pki/etcd';

/** curl with what makes it a client of a control-plane node's own etcd. */
export const asEtcdClient = `curl --silent --fail --max-time 5 --cacert ${pki}/ca.crt --cert ${pki}/server.crt --key ${pki}/server.key`;

/** A member as etcd's gateway lists it. */
export interface Member {
  readonly ID: string;
  /** Absent until it has started. */
  readonly name?: string;
  readonly isLearner?: boolean;
}

/** Asks a control-plane node's own etcd over its gateway. Throws where it does not answer. */
export async function askEtcd<Answer>(node: string, path: string, body: object): Promise<Answer> {
  const command = `${asEtcdClient} --data '${JSON.stringify(body)}' https://127.0.0.1:2379/v3/${path}`;
  return JSON.parse(await onHost(node, 'sh', '-c', command)) as Answer;
}

/** All members, as one of them has them. */
export async function members(node: string): Promise<readonly Member[]> {
  return (await askEtcd<{ readonly members: readonly Member[] }>(node, 'cluster/member/list', {})).members;
}

/** The members that vote, by name. */
export async function voters(node: string): Promise<readonly string[]> {
  return (await members(node))
    .filter(({ isLearner }) => isLearner !== true)
    .map(({ name = '' }) => name)
    .toSorted();
}
