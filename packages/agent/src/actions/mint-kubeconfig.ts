import { parsePublicKey, Secret } from '@drover/core';
import { agentErrors } from '../errors.ts';
import type { MintAction } from './action.ts';
import { adminKubeconfig } from './kubernetes/kubectl.ts';

/** The administrator's kubeconfig for whoever holds the private key: the coordinator has checked who asks. */
export const mintKubeconfig: MintAction<'mint-kubeconfig'> = {
  kind: 'mint',
  name: 'mint-kubeconfig',
  mint: async (context, { recipientPublicKey, server }) => {
    requirePublicKey(recipientPublicKey);
    const admin = await context.host.readFile(adminKubeconfig);
    if (admin === undefined) {
      throw agentErrors.create('cluster-unreachable', {
        tried: 'hand out the kubeconfig',
        node: context.nodeName,
        reason: `there is no ${adminKubeconfig} on this node`,
      });
    }
    return { secret: new Secret(server === '' ? admin : replaceServer(admin, server)), recipientPublicKey };
  },
};

function requirePublicKey(spki: Uint8Array): void {
  try {
    parsePublicKey(spki);
  } catch (cause) {
    throw agentErrors.create('parameters-invalid', {
      tried: 'seal the kubeconfig to its recipient',
      reason: 'the recipient’s public key is not a P-256 key in SubjectPublicKeyInfo',
      cause,
    });
  }
}

function replaceServer(kubeconfig: string, server: string): string {
  if (!/^https:\/\/[A-Za-z0-9.:[\]-]+$/.test(server)) {
    throw agentErrors.create('parameters-invalid', {
      tried: 'put another server into the kubeconfig',
      reason: `"${server}" is not of the form https://host:port`,
    });
  }
  return kubeconfig.replace(/^(\s+server:).*$/m, `$1 ${server}`);
}
