import type { EtcdMembers } from '@drover/proto';
import type { QueryAction } from './action.ts';
import { isHealthy, listAlarms, listMembers } from './kubernetes/etcd.ts';

/** The members of etcd and which of them answer, as this node's member knows it now. Throws `etcd-unanswered`. */
export const listEtcdMembers: QueryAction<'list-etcd-members'> = {
  kind: 'query',
  name: 'list-etcd-members',
  answer: async (context): Promise<EtcdMembers> => {
    const [members, alarms] = await Promise.all([listMembers(context), listAlarms(context)]);
    const healthy = await Promise.all(
      members.map(async ({ clientUrls: [url] }) => url !== undefined && (await isHealthy(context, url))),
    );
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
