import type { ActionParams } from '@drover/proto';
import { agentErrors } from '../errors.ts';
import type { MintAction, MintContext } from './action.ts';
import { describeMember, type EtcdMember, findListed, isHealthy, listMembers } from './kubernetes/etcd.ts';
import { formatCredentials } from './kubernetes/join-credentials.ts';
import { runKubeadm } from './kubernetes/kubeadm.ts';
import { findDocument, parseKubeadmDocuments } from './kubernetes/kubeadm-documents.ts';
import { mintBootstrapToken } from './kubernetes/mint-bootstrap-token.ts';
import { faultUnless, rejectFaults } from './parameter-faults.ts';

type Params = ActionParams<'mint-control-plane-credentials'>;

/**
 * What one node needs to join as a control plane, in the answer alone: a token, and the key under which the cluster's
 * certificates have just been uploaded. Throws `etcd-member-listed` while etcd knows the node's name or address and no
 * such member answers: kubeadm would start the node as that member, with the vote of a memory that is gone
 * (kubernetes/kubeadm#2138). For a member that answers the credentials are good to finish a join, and no key is made.
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
    const isMember = await isLiveMember(context, params, members);
    const etcdEndpoints = members.flatMap(({ clientUrls }) => clientUrls.slice(0, 1));
    const key = isMember ? { isMember } : { certificateKey: await uploadCertificates(context, params) };
    const credentials = await mintBootstrapToken(context, { ...params, nodeId });
    return { secret: formatCredentials({ ...credentials, ...key, etcdEndpoints }), recipientPublicKey };
  },
};

/** Whether etcd has a member of the node that answers. Throws when it has one that does not, or a learner. */
async function isLiveMember(context: MintContext, params: Params, members: readonly EtcdMember[]): Promise<boolean> {
  const refuse = (code: 'membership-change-running' | 'etcd-member-listed', obstacle: EtcdMember) =>
    agentErrors.create(code, {
      tried: `let ${params.nodeName} join as a control plane`,
      node: context.nodeName,
      reason: `etcd has ${describeMember(obstacle)}`,
      evidence: members.map(describeMember),
    });
  const listed = findListed(members, params.nodeName, params.peerAddress);
  const learner = members.find(({ isLearner }) => isLearner);
  if (learner !== undefined) throw refuse('membership-change-running', learner);
  if (listed === undefined) return false;
  const [endpoint] = listed.clientUrls;
  if (endpoint !== undefined && (await isHealthy(context, endpoint))) return true;
  throw refuse('etcd-member-listed', listed);
}

/** Under a fresh key that is in the file alone; what kubeadm prints is shown nowhere. */
async function uploadCertificates(context: MintContext, params: Params): Promise<string> {
  const certificateKey = Buffer.from(context.randomBytes(32)).toString('hex');
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
  return certificateKey;
}
