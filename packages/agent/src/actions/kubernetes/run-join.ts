import type { ActionParams } from '@drover/proto';
import type { ApplyContext, InspectContext } from '../action.ts';
import { type JoinCredentials, parseCredentials } from './join-credentials.ts';
import { runKubeadm } from './kubeadm.ts';
import { findDocument, type KubeadmDocument, parseKubeadmDocuments } from './kubeadm-documents.ts';
import { bootstrapKubeconfig } from './kubelet.ts';
import { type PatchedRun, withPatches } from './with-patches.ts';

/** What a worker's join and a control plane's have in common. */
export type JoinParams = ActionParams<'join-node' | 'join-control-plane'>;

/** A dry run comes without them: they are minted only when something is to be done. */
export async function openCredentials(
  { open }: InspectContext,
  { sealedCredentials }: JoinParams,
): Promise<JoinCredentials | undefined> {
  return sealedCredentials.length === 0 ? undefined : parseCredentials(await open(sealedCredentials));
}

/** What the plan knew of the cluster: empty on the wire is nothing. */
export function knownCluster({ caHash }: JoinParams): { readonly caHash?: string } {
  return caHash === '' ? {} : { caHash };
}

/** The JoinConfiguration as the coordinator rendered it. Throws `parameters-invalid`. */
export function joinConfiguration({ kubeadmConfig }: JoinParams): KubeadmDocument {
  return findDocument(parseKubeadmDocuments(kubeadmConfig), 'JoinConfiguration');
}

/**
 * Runs `kubeadm join`, or one of its phases (as `['phase', …]`), with credentials that are in its configuration file alone. Both
 * what the coordinator rendered and what is minted here goes in there.
 */
export async function runJoin(
  context: ApplyContext,
  params: JoinParams,
  credentials: JoinCredentials,
  phase: readonly string[] = [],
): Promise<void> {
  const isWhole = phase.length === 0;
  const joining = joinConfiguration(params);
  const { token, caCertHash, apiServerEndpoint, certificateKey } = credentials;
  const bootstrapToken = { token, apiServerEndpoint, caCertHashes: [caCertHash] };
  const discovery = { ...joining.discovery, bootstrapToken };
  const controlPlane =
    certificateKey === undefined ? {} : { controlPlane: { ...joining.controlPlane, certificateKey } };
  const ignored = isWhole ? params.ignoredPreflightErrors : [];
  const tried = `join ${params.nodeName} to the cluster at ${apiServerEndpoint}`;
  const run: PatchedRun = (documents, options) =>
    runKubeadm(context, {
      tried: isWhole ? tried : `${tried}: ${phase.join(' ')}`,
      args: [
        'join',
        ...phase,
        ...(ignored.length === 0 ? [] : [`--ignore-preflight-errors=${ignored.join(',')}`]),
        ...options,
      ],
      // More than the type names: kubeadm knows what these are.
      documents: documents.map((document) => ({ ...document, ...controlPlane, discovery })),
      timeoutMs: 300_000,
    });
  try {
    // The phases that are run alone come after all that is patched, and do not take the option.
    await (isWhole ? withPatches(context, [joining], params.patches, run) : run([joining], []));
  } finally {
    // kubeadm removes it itself, unless it was killed.
    await context.host.removeFile(bootstrapKubeconfig);
  }
}
