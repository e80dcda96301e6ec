import { DroverError } from '@drover/core';
import type { ActionParams } from '@drover/proto';
import type { ApplyContext, GuardedAction, InspectContext } from './action.ts';
import {
  describeMember,
  type EtcdMember,
  isHealthy,
  listAlarms,
  listMembers,
  localEtcd,
  ownMemberId,
  removeMember,
} from './kubernetes/etcd.ts';
import { simulateRemoval } from './kubernetes/etcd-quorum.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { type Probe, probes } from './probe.ts';
import { kubectlByHand } from './shell/kubectl-by-hand.ts';
import { comment } from './shell/quote.ts';

type Params = ActionParams<'remove-etcd-member'>;

/** Where kubeadm mounts etcd's certificates into its container. */
const etcdCredentials = [
  '--cacert=/etc/kubernetes/pki/etcd/ca.crt',
  '--cert=/etc/kubernetes/pki/etcd/healthcheck-client.crt',
  '--key=/etc/kubernetes/pki/etcd/healthcheck-client.key',
];

/** How long a list may still name a member whose removal was agreed on. */
const goneMs = 10_000;

/**
 * Takes one member out of etcd, from a member that stays. One at a time: not while a learner waits for its vote, not while
 * an alarm is raised, and never so that the others lose their quorum. Done when the id is listed no longer; a member of
 * that id with another name or address is somebody else's.
 */
export const removeEtcdMember: GuardedAction<'remove-etcd-member'> = {
  kind: 'ensure',
  guarded: true,
  name: 'remove-etcd-member',
  aim: (params) => `remove ${describeWanted(params)} from etcd`,
  probe: async (context, params) => {
    checkParameters(context.nodeName, params);
    try {
      return await probe(context, params);
    } catch (thrown) {
      if (!(thrown instanceof DroverError) || thrown.code !== 'etcd-unanswered') throw thrown;
      return probes.unknown(`etcd at ${localEtcd} does not answer`, thrown.problem.evidence);
    }
  },
  describe: (_context, params) => [{ subject: 'etcd', before: describeWanted(params), after: 'without it' }],
  run: async (context, params) => {
    await removeMember(context, params.memberId);
    await untilGone(context, params.memberId);
  },
  byHand: ({ nodeName }, { memberId }) => [
    comment('Only while the others keep their quorum: look at `member list` and `endpoint health --cluster` first.'),
    kubectlByHand(
      '--namespace=kube-system',
      'exec',
      `etcd-${nodeName}`,
      '--',
      'etcdctl',
      `--endpoints=${localEtcd}`,
      ...etcdCredentials,
      'member',
      'remove',
      memberId,
    ),
  ],
};

function checkParameters(node: string, { memberId, peerUrl }: Params): void {
  rejectFaults('remove-etcd-member', node, [
    ...faultUnless(/^[1-9a-f][0-9a-f]{0,15}$/.test(memberId), 'memberId', `is no id in hexadecimal: "${memberId}"`),
    ...faultUnless(URL.canParse(peerUrl), 'peerUrl', `is no URL: "${peerUrl}"`),
  ]);
}

async function probe(context: InspectContext, params: Params): Promise<Probe> {
  const members = await listMembers(context);
  const evidence = members.map(describeMember);
  const listed = members.find(({ id }) => id === params.memberId);
  if (listed === undefined) return probes.done(`etcd has no member ${params.memberId}`, evidence);
  if (listed.name !== params.name || !listed.peerUrls.includes(params.peerUrl)) {
    const finding = `member ${listed.id} is ${describeMember(listed)}, and ${describeWanted(params)} was meant`;
    return probes.conflict('etcd-member-mismatch', finding, evidence);
  }
  if (listed.id === (await ownMemberId(context)))
    return probes.conflict(
      'etcd-member-mismatch',
      'it is the member of this very node: a surviving one has to',
      evidence,
    );
  return (
    (await findObstacle(context, members, listed)) ??
    probes.notStarted('etcd has the member, and the others can do without it', evidence)
  );
}

/** What has to be over before a member goes, beside the quorum. */
async function findObstacle(
  context: InspectContext,
  members: readonly EtcdMember[],
  leaving: EtcdMember,
): Promise<Probe | undefined> {
  const evidence = members.map(describeMember);
  const learner = members.find(({ isLearner, id }) => isLearner && id !== leaving.id);
  if (learner !== undefined)
    return probes.running('membership-change-running', `${describeMember(learner)} is being added`, evidence);
  const alarms = await listAlarms(context);
  if (alarms.length > 0) return probes.conflict('etcd-alarm', `etcd has raised ${alarms.join(', ')}`, evidence);
  const healthyIds = await findHealthy(
    context,
    members.filter(({ id }) => id !== leaving.id),
  );
  const removal = simulateRemoval(members, healthyIds, leaving.id);
  if (removal.isSafe) return undefined;
  const { reason, mayPass } = removal;
  return mayPass
    ? probes.unknown(reason, evidence, 'etcd-quorum-at-risk')
    : probes.conflict('etcd-quorum-at-risk', reason, evidence);
}

async function findHealthy(context: InspectContext, members: readonly EtcdMember[]): Promise<ReadonlySet<string>> {
  const answers = await Promise.all(
    members.map(async ({ id, clientUrls: [url] }) =>
      url !== undefined && (await isHealthy(context, url)) ? [id] : [],
    ),
  );
  return new Set(answers.flat());
}

async function untilGone(context: ApplyContext, memberId: string): Promise<void> {
  const until = context.clock.now() + goneMs;
  while ((await listMembers(context)).some(({ id }) => id === memberId) && context.clock.now() < until)
    await context.clock.sleep(250, context.signal);
}

function describeWanted({ memberId, name, peerUrl }: Params): string {
  return describeMember({ id: memberId, name, peerUrls: [peerUrl], clientUrls: [], isLearner: false });
}
