import type { GuardedAction, InspectContext } from './action.ts';
import { joinByHand } from './kubernetes/join-by-hand.ts';
import { parseCredentials } from './kubernetes/join-credentials.ts';
import { resetNode } from './kubernetes/kubeadm.ts';
import { restartKubelet } from './kubernetes/kubelet.ts';
import { probeMember, type WantedMember } from './kubernetes/member-probe.ts';
import { newMark, nowIso, writeMark } from './kubernetes/membership-mark.ts';
import { type JoinParams, joinConfiguration, knownCluster, openCredentials, runJoin } from './kubernetes/run-join.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';

/**
 * A further control-plane node, by `kubeadm join` with sealed credentials. Done when its etcd member votes and answers,
 * its API server is ready, and its Node carries the role. An interrupted join is finished from where the member votes, and
 * taken back where none was ever added; between the two, a member that is listed and does not vote is a person's, or
 * remove-etcd-member's.
 */
export const joinControlPlane: GuardedAction<'join-control-plane'> = {
  kind: 'ensure',
  guarded: true,
  name: 'join-control-plane',
  aim: ({ nodeName }) => `join ${nodeName} to the cluster as a control plane`,
  probe: async (context, params) => await probeMember(context, await toWanted(context, params)),
  describe: (_context, { nodeName }, { outcome, finding }) => {
    const before = outcome === 'not-started' ? 'none' : finding;
    return [{ subject: 'membership', before, after: `joined as control plane ${nodeName}` }];
  },
  run: async (context, params, found) => {
    const credentials = parseCredentials(await context.open(params.sealedCredentials));
    const { caCertHash: caHash, apiServerEndpoint } = credentials;
    const mark = await newMark(context, { role: 'control-plane', apiServerEndpoint, caHash });
    await writeMark(context, mark);
    if (found.outcome === 'partial' && found.remaining !== undefined) {
      for (const phase of found.remaining) {
        if (phase === 'kubelet') await restartKubelet(context);
        else await runJoin(context, params, credentials, ['phase', 'control-plane-join', phase]);
      }
    } else {
      if (found.outcome === 'partial') await resetNode(context);
      await runJoin(context, params, credentials);
    }
    await writeMark(context, { ...mark, finishedAt: nowIso(context) });
  },
  byHand: (_context, params) => joinByHand(params),
};

async function toWanted(context: InspectContext, params: JoinParams): Promise<WantedMember> {
  const { localAPIEndpoint } = joinConfiguration(params).controlPlane ?? {};
  const address = localAPIEndpoint?.advertiseAddress ?? '';
  const path = 'kubeadmConfig.controlPlane.localAPIEndpoint.advertiseAddress';
  rejectFaults('join-control-plane', context.nodeName, faultUnless(address !== '', path, 'is missing'));
  const credentials = await openCredentials(context, params);
  return { nodeName: params.nodeName, address, credentials, ...knownCluster(params) };
}
