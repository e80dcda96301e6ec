import type { ActionParams } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { MintAction, MintContext } from './action.ts';
import { describeMember, type EtcdMember, findListed, listMembers } from './kubernetes/etcd.ts';
import { formatCredentials } from './kubernetes/join-credentials.ts';
import { runKubeadm } from './kubernetes/kubeadm.ts';
import { findDocument, parseKubeadmDocuments } from './kubernetes/kubeadm-documents.ts';
import { mintBootstrapToken } from './kubernetes/mint-bootstrap-token.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';

type Params = ActionParams<'mint-control-plane-credentials'>;

/**
 * What one node needs to join as a control plane, in the answer alone: a token, and the key under which the cluster's
 * certificates have just been uploaded. Throws `etcd-member-listed` while etcd knows the node's name or address: kubeadm
 * would start it as that member, with the vote of a memory that is gone (kubernetes/kubeadm#2138).
 */
export const mintControlPlaneCredentials: MintAction<'mint-control-plane-credentials'> = {
  kind: 'mint',
  name: 'mint-control-plane-credentials',
  mint: async (context, params) => {
    const { recipientCertificate: certificate, recipientNodeId: nodeId, recipientIncarnation: incarnation } = params;
    const recipientPublicKey = context.verifyRecipient({ certificate, nodeId, incarnation });
    rejectFaults(
      'mint-control-plane-credentials',
      context.nodeName,
      faultUnless(params.peerAddress !== '', 'peerAddress', 'is missing'),
    );
    const members = await listMembers(context);
    refuseListed(context, params, members);
    const certificateKey = Buffer.from(context.randomBytes(32)).toString('hex');
    await uploadCertificates(context, params, certificateKey);
    const credentials = await mintBootstrapToken(context, { ...params, nodeId });
    const etcdEndpoints = members.flatMap(({ clientUrls }) => clientUrls.slice(0, 1));
    return { secret: formatCredentials({ ...credentials, certificateKey, etcdEndpoints }), recipientPublicKey };
  },
};

function refuseListed(context: MintContext, { nodeName, peerAddress }: Params, members: readonly EtcdMember[]): void {
  const listed = findListed(members, nodeName, peerAddress);
  const learner = members.find(({ isLearner }) => isLearner);
  const obstacle = listed ?? learner;
  if (obstacle === undefined) return;
  throw agentErrors.create(listed === undefined ? 'membership-change-running' : 'etcd-member-listed', {
    tried: `let ${nodeName} join as a control plane`,
    node: context.nodeName,
    reason: `etcd has ${describeMember(obstacle)}`,
    evidence: members.map(describeMember),
  });
}

/** Under the key that is in the file alone; what kubeadm prints is shown nowhere. */
async function uploadCertificates(context: MintContext, params: Params, certificateKey: string): Promise<void> {
  const documents = parseKubeadmDocuments(params.kubeadmConfig);
  const init = findDocument(documents, 'InitConfiguration');
  await runKubeadm(
    { ...context, log: () => undefined },
    {
      tried: `upload the cluster’s certificates for ${params.nodeName}`,
      args: ['init', 'phase', 'upload-certs', '--upload-certs', '--skip-certificate-key-print'],
      documents: documents.map((each) => (each === init ? { ...init, certificateKey } : each)),
      timeoutMs: 60_000,
    },
  );
}
