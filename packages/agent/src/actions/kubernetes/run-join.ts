import type { ActionParams } from '@drover/proto';
import type { ApplyContext, InspectContext } from '../action.ts';
import { type JoinCredentials, parseCredentials } from './join-credentials.ts';
import { runKubeadm } from './kubeadm.ts';
import { findDocument, type KubeadmDocument, parseKubeadmDocuments } from './kubeadm-documents.ts';
import { bootstrapKubeconfig } from './kubelet.ts';

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

/** Runs `kubeadm join`, or a phase of it, with credentials that are in its configuration file alone. Operands may be options too. */
export async function runJoin(
  context: ApplyContext,
  params: JoinParams,
  credentials: JoinCredentials,
  operands: readonly string[] = [],
): Promise<void> {
  const phase = operands.filter((each) => !each.startsWith('--'));
  const joining = joinConfiguration(params);
  const { token, caCertHash, apiServerEndpoint, certificateKey } = credentials;
  const discovery = { bootstrapToken: { token, apiServerEndpoint, caCertHashes: [caCertHash] } };
  const controlPlane =
    certificateKey === undefined ? {} : { controlPlane: { ...joining.controlPlane, certificateKey } };
  const ignored = phase.length > 0 ? [] : params.ignoredPreflightErrors;
  const tried = `join ${params.nodeName} to the cluster at ${apiServerEndpoint}`;
  try {
    await runKubeadm(context, {
      tried: phase.length === 0 ? tried : `${tried}: ${phase.join(' ')}`,
      args: ['join', ...operands, ...(ignored.length === 0 ? [] : [`--ignore-preflight-errors=${ignored.join(',')}`])],
      // More than the type names: kubeadm knows what these are.
      documents: [{ ...joining, ...controlPlane, ...{ discovery } }],
      timeoutMs: 300_000,
    });
  } finally {
    // kubeadm removes it itself, unless it was killed.
    await context.host.removeFile(bootstrapKubeconfig);
  }
}
