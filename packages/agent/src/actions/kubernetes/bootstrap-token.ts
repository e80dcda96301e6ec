import { Secret } from '@drover/core';
import type { RandomBytes } from '../action.ts';

/** A bootstrap token of Kubernetes: a public id and a secret (kubernetes.io/docs/reference/access-authn-authz/bootstrap-tokens). */
export interface BootstrapToken {
  readonly id: string;
  readonly secret: Secret;
}

/** What a token's Secret says beside the token. */
export interface BootstrapTokenPurpose {
  readonly nodeId: string;
  readonly nodeName: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The label by which a node's earlier tokens are found again. */
export const tokenNodeLabel = 'drover.dev/token-for-node';

/** A fresh token: 6 + 16 characters of [a-z0-9], evenly distributed. */
export function makeBootstrapToken(randomBytes: RandomBytes): BootstrapToken {
  return { id: randomText(6, randomBytes), secret: new Secret(randomText(16, randomBytes)) };
}

/** `id.secret`, as kubeadm wants it. */
export function formatBootstrapToken({ id, secret }: BootstrapToken): Secret {
  return new Secret(`${id}.${secret.reveal()}`);
}

/** The Secret in kube-system that makes the token valid: one document for `kubectl create -f -`. */
export function renderTokenSecret(token: BootstrapToken, purpose: BootstrapTokenPurpose): Secret {
  const document = {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'bootstrap.kubernetes.io/token',
    metadata: {
      name: `bootstrap-token-${token.id}`,
      namespace: 'kube-system',
      labels: { [tokenNodeLabel]: purpose.nodeId },
    },
    stringData: {
      description: `Drover: lets ${purpose.nodeName} join, and nobody else has it`,
      'token-id': token.id,
      'token-secret': token.secret.reveal(),
      expiration: new Date(purpose.expiresAt).toISOString(),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
      'auth-extra-groups': 'system:bootstrappers:kubeadm:default-node-token',
    },
  };
  return new Secret(JSON.stringify(document));
}

function randomText(length: number, randomBytes: RandomBytes): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';
  let text = '';
  while (text.length < length) {
    // Bytes from 252 on would make the first characters of the alphabet likelier: 252 is 7 × 36.
    for (const byte of randomBytes(length)) if (byte < 252 && text.length < length) text += alphabet[byte % 36] ?? '';
  }
  return text;
}
