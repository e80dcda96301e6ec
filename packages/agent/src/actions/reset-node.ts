import { DroverError } from '@drover/core';
import type { ActionParams, Facts } from '@drover/proto';
import { readMembership } from '../facts/membership.ts';
import type { GuardedAction, InspectContext } from './action.ts';
import { resetMark } from './kubernetes/action-marks.ts';
import { describeMember, listMembers } from './kubernetes/etcd.ts';
import { probeKubeadm, resetNode as runReset } from './kubernetes/kubeadm.ts';
import { readMark, removeMark } from './kubernetes/membership-mark.ts';
import { describeResidue, findResidue, removeResidue } from './kubernetes/residue.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { type Probe, probes } from './probe.ts';
import { command } from './shell/quote.ts';
import { feed } from './shell/write-file.ts';

type Params = ActionParams<'reset-node'>;

/** What kubeadm and the kubelet put on a disk, beside what facts call the membership. */
const leftovers = [
  '/etc/kubernetes/admin.conf',
  '/etc/kubernetes/bootstrap-kubelet.conf',
  '/etc/kubernetes/manifests/etcd.yaml',
  '/var/lib/kubelet/config.yaml',
  '/var/lib/kubelet/pki',
];

/**
 * Nothing of a membership is left: kubeadm's files, the kubelet's, etcd's data, and what `kubeadm reset` leaves behind.
 * Only the named cluster's is taken away; and a node whose etcd member is still listed is not touched, unless the cluster
 * is to end with it: a listed member without its memory is what loses acknowledged writes.
 */
export const resetNode: GuardedAction<'reset-node'> = {
  kind: 'ensure',
  guarded: true,
  name: 'reset-node',
  aim: ({ caHash }) => `take the node out of the cluster with the CA ${caHash}`,
  probe: async (context, params) => {
    checkParameters(context.nodeName, params);
    return (await probeKubeadm(context.host)) ?? (await probe(context, params));
  },
  describe: (_context, _params, { evidence }) =>
    (evidence.length === 0 ? ['something of a membership is there'] : evidence).map((line) => ({
      subject: 'membership',
      before: line,
      after: 'gone',
    })),
  run: async (context, params) => {
    await resetMark.write(context, { caHash: params.caHash, operationId: context.operationId });
    await runReset(context, 'take the node out of its cluster');
    await removeResidue(context, await findResidue(context, params.podCidr));
    await removeMark(context);
    await resetMark.remove(context);
  },
  byHand: async (context, { podCidr }) => {
    const { networkFiles, links, routes, rules } = await findResidue(context, podCidr);
    return [
      command('kubeadm', 'reset', '--force', '--skip-phases=remove-etcd-member'),
      command('rm', '-rf', '--one-file-system', '/var/lib/etcd/member'),
      ...networkFiles.map((path) => command('rm', '-f', path)),
      ...links.map((name) => command('ip', 'link', 'delete', name)),
      ...routes.map((destination) => `${command('ip', 'route', 'delete', destination)} || :`),
      ...rules.map(({ family, removal }) => feed(command(`${family}-restore`, '--noflush'), removal)),
    ];
  },
};

function checkParameters(node: string, { caHash, etcdEndpoints }: Params): void {
  rejectFaults('reset-node', node, [
    ...faultUnless(/^sha256:[0-9a-f]{64}$/.test(caHash), 'caHash', `is no digest of a CA: "${caHash}"`),
    ...etcdEndpoints.flatMap((url, i) => faultUnless(URL.canParse(url), `etcdEndpoints[${i}]`, `is no URL: "${url}"`)),
  ]);
}

async function probe(context: InspectContext, params: Params): Promise<Probe> {
  const [membership, mark, reset, residue] = await Promise.all([
    readMembership(context.host),
    readMark(context),
    resetMark.read(context),
    findResidue(context, params.podCidr),
  ]);
  const remains = [...describeMembership(membership), ...(await findLeftovers(context))];
  const evidence = [...remains, ...describeResidue(residue)];
  const isUnderWay = reset?.caHash === params.caHash;
  if (evidence.length === 0 && mark === undefined && reset === undefined)
    return probes.done('nothing of a membership is on the node');
  const isMarked = isUnderWay || mark?.caHash === params.caHash;
  const foreign = findForeign(params, membership, remains, isMarked);
  if (foreign !== undefined) return foreign;
  const obstacle = membership.etcdData ? await findListedMember(context, params) : undefined;
  if (obstacle !== undefined) return obstacle;
  if (remains.length > 0 && !(await isRuntimeRunning(context)))
    return probes.unknown('no container runtime runs, and without one containers of the node would stay', evidence);
  if (isUnderWay) return probes.partial('this agent began to reset the node', evidence);
  return probes.notStarted('the node is a member of the cluster that it is to leave', evidence);
}

function describeMembership(membership: Facts['membership']): readonly string[] {
  const { kubeletConfigured, controlPlane, etcdData, caHash } = membership;
  return [
    ...(kubeletConfigured ? ['the kubelet has credentials'] : []),
    ...(controlPlane ? ['there is a static pod of the API server'] : []),
    ...(etcdData ? ['there is data of etcd'] : []),
    ...(caHash === null ? [] : [`there is the CA of a cluster, ${caHash}`]),
  ];
}

async function findLeftovers({ host }: InspectContext): Promise<readonly string[]> {
  const found = await Promise.all(
    leftovers.map(async (path) => ((await host.status(path)) === undefined ? [] : [path])),
  );
  return found.flat().map((path) => `there is ${path}`);
}

/** Whose it is says its CA; where that is gone already, only what this agent wrote down. */
function findForeign(
  { caHash }: Params,
  membership: Facts['membership'],
  remains: readonly string[],
  isMarked: boolean,
): Probe | undefined {
  if (membership.caHash === caHash || remains.length === 0) return undefined;
  if (membership.caHash !== null)
    return probes.conflict('foreign-cluster', `it is a member of the cluster at ${membership.apiServer}`, remains);
  if (isMarked) return undefined;
  return probes.conflict('join-partial', 'the CA that would tell whose it is has gone from the disk', remains);
}

/** Undefined where etcd goes on without this node. The other members are asked: this one's own may have stopped. */
async function findListedMember(context: InspectContext, params: Params): Promise<Probe | undefined> {
  if (params.endsCluster) return undefined;
  const failures: string[] = [];
  for (const endpoint of params.etcdEndpoints) {
    try {
      const members = await listMembers(context, endpoint);
      const listed = members.find(({ name }) => name === context.nodeName);
      if (listed === undefined) return undefined;
      const finding = `etcd still has ${describeMember(listed)}`;
      return probes.conflict('etcd-member-listed', finding, members.map(describeMember));
    } catch (thrown) {
      if (!(thrown instanceof DroverError) || thrown.code !== 'etcd-unanswered') throw thrown;
      failures.push(`${endpoint}: ${thrown.problem.evidence.at(-1) ?? thrown.problem.reason}`);
    }
  }
  return probes.unknown('no other member of etcd says whether this node’s is still listed', failures);
}

async function isRuntimeRunning({ host, signal }: InspectContext): Promise<boolean> {
  const { stdout } = await host.query({
    argv: ['systemctl', 'is-active', 'docker', 'containerd'],
    timeoutMs: 10_000,
    signal,
    // 3 and 4: one of them does not run, or there is none (systemctl(1)).
    successStatuses: [0, 3, 4],
  });
  return stdout.split('\n').includes('active');
}
