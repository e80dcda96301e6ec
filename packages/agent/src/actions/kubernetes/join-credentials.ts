import { Secret } from '@drover/core';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const Credentials = Type.Object({
  /** `id.secret`. */
  token: Type.String(),
  /** `sha256:<hex>` of the cluster CA's public key. */
  caCertHash: Type.String(),
  /** `host:port`. */
  apiServerEndpoint: Type.String(),
  /** For a control plane: what the uploaded certificates are encrypted with, 64 hexadecimal digits. */
  certificateKey: Type.Optional(Type.String()),
  /**
   * For a control plane: etcd already has a member of this node, which answers. A join may then be finished, and none may
   * be begun.
   */
  isMember: Type.Optional(Type.Boolean()),
  /** For a control plane: client URLs of the etcd members that were there when this was minted. */
  etcdEndpoints: Type.Optional(Type.Array(Type.String())),
});

/** What a node needs to join: the plaintext of mint-join-credentials' answer. */
export type JoinCredentials = Static<typeof Credentials>;

/** As it is sealed. */
export function formatCredentials(credentials: JoinCredentials): Secret {
  return new Secret(JSON.stringify(credentials));
}

/** As it was opened. Throws when it has another form; the message contains nothing of it. */
export function parseCredentials(opened: Secret): JoinCredentials {
  try {
    const credentials: unknown = JSON.parse(opened.reveal());
    return Value.Parse(Credentials, credentials);
  } catch {
    // The errors of JSON.parse and of the schema quote the text: none of it may be kept as a cause.
    throw new Error('the join credentials have an unknown form');
  }
}
