import type { ActionParams } from '@drover/proto';
import type { ApplyContext, EnsureAction, InspectContext } from './action.ts';
import {
  type ControlPlaneState,
  probeControlPlane,
  type WantedControlPlane,
} from './kubernetes/control-plane-probe.ts';
import { phaseArguments } from './kubernetes/init-phases.ts';
import { resetNode, runKubeadm } from './kubernetes/kubeadm.ts';
import { findDocument, type KubeadmDocument, parseKubeadmDocuments } from './kubernetes/kubeadm-documents.ts';
import { type MembershipMark, nowIso, writeMark } from './kubernetes/membership-mark.ts';

type Params = ActionParams<'init-control-plane'>;

/**
 * The first control-plane node of a cluster, by `kubeadm init`. Satisfied when the API answers and every phase has left
 * its effect there. What an interrupted run of this agent left behind is finished where the API answered, and cleaned up
 * and begun again where it never did; anything else that is in the way is refused (see control-plane-probe.ts).
 */
export const initControlPlane: EnsureAction<'init-control-plane'> = {
  kind: 'ensure',
  name: 'init-control-plane',
  inspect: async (context, params) => {
    const documents = parseKubeadmDocuments(params.kubeadmConfig);
    const wanted = toWanted(context, params, documents);
    const probed = await probeControlPlane(context, wanted);
    if (probed.state === 'complete') return { satisfied: true, changes: [] };
    const version = findDocument(documents, 'ClusterConfiguration').kubernetesVersion ?? 'of kubeadm’s own version';
    const after = `Kubernetes ${version} at ${wanted.endpoint}`;
    return { satisfied: false, changes: [{ subject: 'control plane', before: describe(probed), after }] };
  },
  apply: async (context, params) => {
    const documents = parseKubeadmDocuments(params.kubeadmConfig);
    const wanted = toWanted(context, params, documents);
    const probed = await probeControlPlane(context, wanted);
    if (probed.state === 'complete') return;
    if (probed.state === 'unfinished') {
      await finish(context, params, documents, probed);
      return;
    }
    if (probed.state === 'stillborn') await resetNode(context);
    await init(context, params, documents, wanted);
  },
};

async function init(
  context: ApplyContext,
  params: Params,
  documents: readonly KubeadmDocument[],
  wanted: WantedControlPlane,
): Promise<void> {
  const mark: MembershipMark = {
    role: 'control-plane',
    apiServerEndpoint: wanted.endpoint,
    caHash: null,
    begunAt: nowIso(context),
    answeredAt: null,
    finishedAt: null,
  };
  await writeMark(context, mark);
  await runKubeadm(context, {
    tried: `initialise the control plane at ${wanted.endpoint}`,
    args: ['init', '--skip-token-print', ...ignoredErrors(params), ...skippedPhases(params)],
    documents,
    timeoutMs: 600_000,
  });
  const now = nowIso(context);
  await writeMark(context, { ...mark, answeredAt: now, finishedAt: now });
}

/** Runs what an interrupted `kubeadm init` did not get to. From here on nothing of this control plane is ever reset. */
async function finish(
  context: ApplyContext,
  params: Params,
  documents: readonly KubeadmDocument[],
  { phases, mark }: Extract<ControlPlaneState, { state: 'unfinished' }>,
): Promise<void> {
  const answeredAt = mark.answeredAt ?? nowIso(context);
  await writeMark(context, { ...mark, answeredAt });
  for (const phase of phases) {
    await runKubeadm(context, {
      tried: `finish the phase ${phase} of an interrupted kubeadm init`,
      args: ['init', 'phase', ...phaseArguments(phase), ...(phase === 'bootstrap-token' ? ['--skip-token-print'] : [])],
      documents,
      timeoutMs: 120_000,
    });
  }
  await writeMark(context, { ...mark, answeredAt, finishedAt: nowIso(context) });
}

function toWanted(context: InspectContext, params: Params, documents: readonly KubeadmDocument[]): WantedControlPlane {
  const { controlPlaneEndpoint } = findDocument(documents, 'ClusterConfiguration');
  const { nodeRegistration } = findDocument(documents, 'InitConfiguration');
  const host = controlPlaneEndpoint ?? context.nodeName;
  return {
    // kubeadm's default port (apis/kubeadm/v1beta2, LocalAPIEndpoint.bindPort).
    endpoint: /:\d+$/.test(host) ? host : `${host}:6443`,
    nodeName: nodeRegistration?.name ?? context.nodeName,
    skippedPhases: params.skippedPhases,
  };
}

function ignoredErrors(params: Params): readonly string[] {
  const ignored = params.ignoredPreflightErrors;
  return ignored.length === 0 ? [] : [`--ignore-preflight-errors=${ignored.join(',')}`];
}

/** A flag, since kubeadm's documents have a field for it only from v1beta3 on. */
function skippedPhases(params: Params): readonly string[] {
  return params.skippedPhases.length === 0 ? [] : [`--skip-phases=${params.skippedPhases.join(',')}`];
}

function describe(probed: ControlPlaneState): string {
  if (probed.state === 'unfinished') return `interrupted, to be finished from ${probed.phases[0]} on`;
  return probed.state === 'stillborn' ? 'interrupted before it ever answered' : 'none';
}
