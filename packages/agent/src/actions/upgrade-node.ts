import { DroverError } from '@drover/core';
import type { ActionParams } from '@drover/proto';
import type { ApplyContext, GuardedAction, InspectContext } from './action.ts';
import { upgradeMark } from './kubernetes/action-marks.ts';
import { probeKubeadm, runKubeadmPlainly } from './kubernetes/kubeadm.ts';
import { restartKubelet } from './kubernetes/kubelet.ts';
import { type NodeVersions, parseVersion, readVersions } from './kubernetes/versions.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';
import { type Probe, probes } from './probe.ts';
import { command } from './shell/quote.ts';

type Params = ActionParams<'upgrade-node'>;

/** How long a restarted kubelet may take to report its version. */
const reportMs = 120_000;

/**
 * One node to another version of Kubernetes, by `kubeadm upgrade`, whose packages are installed already. Done when the
 * static pods, the kubelet that runs and, of the first control plane, what kubeadm has written down for the cluster are at
 * the version. kubeadm's upgrade can be repeated, so that one of this agent that was interrupted is; a mixture that it did
 * not make is somebody else's.
 */
export const upgradeNode: GuardedAction<'upgrade-node'> = {
  kind: 'ensure',
  guarded: true,
  name: 'upgrade-node',
  aim: ({ nodeName, kubernetesVersion }) => `upgrade ${nodeName} to ${kubernetesVersion}`,
  probe: async (context, params) => {
    const isVersion = parseVersion(params.kubernetesVersion) !== undefined;
    const message = `is no exact version: "${params.kubernetesVersion}"`;
    rejectFaults('upgrade-node', context.nodeName, faultUnless(isVersion, 'kubernetesVersion', message));
    return (await probeKubeadm(context.host)) ?? (await probe(context, params));
  },
  describe: (_context, { kubernetesVersion }, { finding }) => [
    { subject: 'Kubernetes', before: finding, after: kubernetesVersion },
  ],
  run: async (context, params) => {
    const { kubernetesVersion: version, nodeName, first } = params;
    const { operationId } = context;
    await upgradeMark.write(context, { version, operationId, isFinished: false });
    const ignored = params.ignoredPreflightErrors;
    const options = ignored.length === 0 ? [] : [`--ignore-preflight-errors=${ignored.join(',')}`];
    await runKubeadmPlainly(context, {
      tried: `upgrade ${nodeName} to ${version}`,
      args: ['upgrade', ...(first ? ['apply', version, '--yes'] : ['node']), ...options],
      timeoutMs: 900_000,
    });
    await context.host.run({ argv: ['systemctl', 'daemon-reload'], timeoutMs: 60_000 });
    await restartKubelet(context);
    await untilReported(context, params);
    await upgradeMark.write(context, { version, operationId, isFinished: true });
  },
  byHand: (_context, { kubernetesVersion, first, ignoredPreflightErrors: ignored }) => [
    command(
      'kubeadm',
      'upgrade',
      ...(first ? ['apply', kubernetesVersion, '--yes'] : ['node']),
      ...(ignored.length === 0 ? [] : [`--ignore-preflight-errors=${ignored.join(',')}`]),
    ),
    command('systemctl', 'daemon-reload'),
    command('systemctl', 'restart', 'kubelet'),
  ],
};

async function probe(context: InspectContext, params: Params): Promise<Probe> {
  try {
    const [versions, mark] = await Promise.all([readVersions(context, params.nodeName), upgradeMark.read(context)]);
    const isUnfinished = mark?.version === params.kubernetesVersion && !mark.isFinished;
    return decide(params, versions, isUnfinished);
  } catch (thrown) {
    if (!(thrown instanceof DroverError) || thrown.code !== 'cluster-unreachable') throw thrown;
    return probes.unknown('the API of the cluster does not answer', thrown.problem.evidence);
  }
}

/** What versions alone tell. */
function decide(params: Params, versions: NodeVersions, isUnfinished: boolean): Probe {
  const { kubernetesVersion: wanted, first, nodeName } = params;
  const { kubeadm, staticPods, cluster, kubelet } = versions;
  const evidence = describe(versions);
  const refuse = (finding: string): Probe => probes.conflict('upgrade-refused', finding, evidence);
  if (cluster === '') return refuse('the cluster has no kubeadm-config: kubeadm did not make it');
  if (kubelet === '') return refuse(`the cluster has no Node ${nodeName}`);
  const tags = Object.values(staticPods);
  const upgraded = tags.filter((tag) => tag === wanted);
  const isComplete = upgraded.length === tags.length && kubelet === wanted && cluster === wanted;
  if (isComplete && !isUnfinished) return probes.done(`every part of the node is at ${wanted}`, evidence);
  if (kubeadm !== wanted) return refuse(`kubeadm on the node is ${kubeadm}: its package has to be upgraded first`);
  if (isUnfinished) return probes.partial(`this agent began to upgrade the node to ${wanted}`, evidence);
  const tooFar = [cluster, kubelet, ...tags].map((from) => findSkew(from, wanted)).find((each) => each !== undefined);
  if (tooFar !== undefined) return refuse(tooFar);
  if (!first && cluster !== wanted) return refuse(`the cluster is at ${cluster}: its first control plane comes first`);
  if (upgraded.length > 0 && upgraded.length < tags.length)
    return refuse('some of its static pods are upgraded, and this agent did not begin that');
  return probes.notStarted(`the node is at ${tags[0] ?? kubelet}`, evidence);
}

/** kubeadm goes up by one minor version at most, and never down (kubernetes.io/releases/version-skew-policy). */
function findSkew(from: string, to: string): string | undefined {
  const [present, wanted] = [parseVersion(from), parseVersion(to)];
  if (present === undefined || wanted === undefined) return `${from} is no version to upgrade from`;
  if (wanted.minor > present.minor + 1) return `from ${from} to ${to} is more than one minor version`;
  const isDown = wanted.minor < present.minor || (wanted.minor === present.minor && wanted.patch < present.patch);
  return isDown ? `${from} is newer than ${to}` : undefined;
}

function describe({ kubeadm, staticPods, cluster, kubelet }: NodeVersions): readonly string[] {
  const pods = Object.entries(staticPods).map(([name, tag]) => `${name} is at ${tag}`);
  return [`kubeadm is at ${kubeadm}`, `the kubelet is at ${kubelet}`, `the cluster is at ${cluster}`, ...pods];
}

async function untilReported(context: ApplyContext, { nodeName, kubernetesVersion }: Params): Promise<void> {
  const until = Math.min(context.clock.now() + reportMs, context.deadlineAt - 10_000);
  context.reportWaiting({ on: `the kubelet to report ${kubernetesVersion}`, untilMs: until });
  while (context.clock.now() < until) {
    const { kubelet } = await readVersions(context, nodeName);
    if (kubelet === kubernetesVersion) break;
    await context.clock.sleep(1_000, context.signal);
  }
  context.reportWaiting(undefined);
}
