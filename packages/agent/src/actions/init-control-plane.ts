import type { ActionParams } from '@drover/proto';
import type { ApplyContext, GuardedAction } from './action.ts';
import { probeControlPlane, type WantedControlPlane } from './kubernetes/control-plane-probe.ts';
import { phaseArguments } from './kubernetes/init-phases.ts';
import { resetNode, runKubeadm } from './kubernetes/kubeadm.ts';
import { kubeadmByHand } from './kubernetes/kubeadm-by-hand.ts';
import { findDocument, type KubeadmDocument, parseKubeadmDocuments } from './kubernetes/kubeadm-documents.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';
import { newMark, nowIso, requireMark, writeMark } from './kubernetes/membership-mark.ts';
import { withPatches } from './kubernetes/with-patches.ts';

type Params = ActionParams<'init-control-plane'>;

/**
 * The first control-plane node of a cluster, by `kubeadm init`. Done when the API answers and every phase has left its
 * effect there. What an interrupted run of this agent left behind is finished where the API answered, and cleaned up and
 * begun again where it never did; anything else that is in the way is refused (see control-plane-probe.ts).
 */
export const initControlPlane: GuardedAction<'init-control-plane'> = {
  kind: 'ensure',
  guarded: true,
  name: 'init-control-plane',
  aim: (params) => `initialise the control plane at ${toWanted(parse(params), params, 'the node').endpoint}`,
  probe: (context, params) => probeControlPlane(context, toWanted(parse(params), params, context.nodeName)),
  describe: (context, params, { outcome, finding }) => {
    const documents = parse(params);
    const { endpoint } = toWanted(documents, params, context.nodeName);
    const version = findDocument(documents, 'ClusterConfiguration').kubernetesVersion ?? 'of kubeadm’s own version';
    const before = outcome === 'not-started' ? 'none' : finding;
    return [{ subject: 'control plane', before, after: `Kubernetes ${version} at ${endpoint}` }];
  },
  run: async (context, params, found) => {
    const documents = parse(params);
    if (found.outcome === 'partial' && found.remaining !== undefined) {
      await finish(context, params, documents, found.remaining);
      return;
    }
    if (found.outcome === 'partial') await resetNode(context);
    await init(context, params, documents, toWanted(documents, params, context.nodeName));
  },
  byHand: (_context, params) => {
    const documents = parse(params);
    return kubeadmByHand({
      args: ['init', '--skip-token-print', ...ignoredErrors(params), ...skippingOption(params, documents)],
      documents,
      patches: params.patches,
      result: adminKubeconfig,
    });
  },
};

async function init(
  context: ApplyContext,
  params: Params,
  documents: readonly KubeadmDocument[],
  wanted: WantedControlPlane,
): Promise<void> {
  const mark = await newMark(context, {
    role: 'control-plane',
    apiServerEndpoint: wanted.endpoint,
    caHash: null,
  });
  await writeMark(context, mark);
  await withPatches(context, documents, params.patches, (patched, options) =>
    runKubeadm(context, {
      tried: `initialise the control plane at ${wanted.endpoint}`,
      args: ['init', '--skip-token-print', ...ignoredErrors(params), ...skippingOption(params, documents), ...options],
      documents: patched,
      timeoutMs: 600_000,
    }),
  );
  const now = nowIso(context);
  await writeMark(context, { ...mark, answeredAt: now, finishedAt: now });
}

/** Runs what an interrupted `kubeadm init` did not get to. From here on nothing of this control plane is ever reset. */
async function finish(
  context: ApplyContext,
  { patches }: Params,
  documents: readonly KubeadmDocument[],
  phases: readonly string[],
): Promise<void> {
  const mark = await requireMark(context);
  const answeredAt = mark.answeredAt ?? nowIso(context);
  await writeMark(context, { ...mark, answeredAt });
  for (const phase of phases) {
    const printing = phase === 'bootstrap-token' ? ['--skip-token-print'] : [];
    // Without the options: where patches are one, none of these phases has anything to patch, nor takes it.
    await withPatches(context, documents, patches, (patched) =>
      runKubeadm(context, {
        tried: `finish the phase ${phase} of an interrupted kubeadm init`,
        args: ['init', 'phase', ...phaseArguments(phase), ...printing],
        documents: patched,
        timeoutMs: 120_000,
      }),
    );
  }
  await writeMark(context, { ...mark, answeredAt, finishedAt: nowIso(context) });
}

function parse({ kubeadmConfig }: Params): readonly KubeadmDocument[] {
  return parseKubeadmDocuments(kubeadmConfig);
}

function toWanted(
  documents: readonly KubeadmDocument[],
  { skippedPhases }: Params,
  nodeName: string,
): WantedControlPlane {
  const { controlPlaneEndpoint } = findDocument(documents, 'ClusterConfiguration');
  const { nodeRegistration } = findDocument(documents, 'InitConfiguration');
  const host = controlPlaneEndpoint ?? nodeName;
  return {
    // kubeadm's default port (apis/kubeadm/v1beta2, LocalAPIEndpoint.bindPort).
    endpoint: /:\d+$/.test(host) ? host : `${host}:6443`,
    nodeName: nodeRegistration?.name ?? nodeName,
    skippedPhases,
  };
}

function ignoredErrors(params: Params): readonly string[] {
  const ignored = params.ignoredPreflightErrors;
  return ignored.length === 0 ? [] : [`--ignore-preflight-errors=${ignored.join(',')}`];
}

/** A flag where the documents do not say it themselves: v1beta2 has no field for it. */
function skippingOption({ skippedPhases }: Params, documents: readonly KubeadmDocument[]): readonly string[] {
  const isSaid = findDocument(documents, 'InitConfiguration').skipPhases !== undefined;
  return isSaid || skippedPhases.length === 0 ? [] : [`--skip-phases=${skippedPhases.join(',')}`];
}
