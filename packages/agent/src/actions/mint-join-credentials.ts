import type { MintAction } from './action.ts';
import { formatCredentials } from './kubernetes/join-credentials.ts';
import { mintBootstrapToken } from './kubernetes/mint-bootstrap-token.ts';

/** What one node needs to join as a worker, in the answer alone. Earlier tokens of the same node are withdrawn. */
export const mintJoinCredentials: MintAction<'mint-join-credentials'> = {
  kind: 'mint',
  name: 'mint-join-credentials',
  mint: async (context, params) => {
    const { recipientCertificate: certificate, recipientNodeId: nodeId, recipientIncarnation: incarnation } = params;
    const recipientPublicKey = context.verifyRecipient({ certificate, nodeId, incarnation });
    const credentials = await mintBootstrapToken(context, { ...params, nodeId });
    return { secret: formatCredentials(credentials), recipientPublicKey };
  },
};
