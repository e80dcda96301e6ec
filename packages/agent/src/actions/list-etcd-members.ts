import type { EtcdMembers } from '@drover/proto';
import type { InspectContext, QueryAction } from './action.ts';
import { type EtcdMember, isHealthy, listAlarms, localEtcd, recallMembers } from './kubernetes/etcd.ts';

/**
 * The members of etcd and which of them answer, as this node's member knows it now. Without a quorum none does, and the
 * list is what this one remembers. Throws `etcd-unanswered`.
 */
export const listEtcdMembers: QueryAction<'list-etcd-members'> = {
  kind: 'query',
  name: 'list-etcd-members',
  answer: async (context): Promise<EtcdMembers> => {
    const hasQuorum = await isHealthy(context, localEtcd);
    // After the read: it makes the list as new as the read.
    const members = await recallMembers(context);
    const [healthy, alarms] = hasQuorum
      ? await Promise.all([Promise.all(members.map((each) => answers(context, each))), listAlarms(context)])
      : [[], []];
    return {
      members: members.map(({ id, name, peerUrls, clientUrls, isLearner }, i) => ({
        id,
        name,
        peerUrls: [...peerUrls],
        clientUrls: [...clientUrls],
        isLearner,
        healthy: healthy[i] === true,
      })),
      alarms: [...alarms],
    };
  },
};

async function answers(context: InspectContext, { clientUrls: [url] }: EtcdMember): Promise<boolean> {
  return url !== undefined && (await isHealthy(context, url));
}
