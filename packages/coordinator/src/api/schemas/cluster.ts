import { ClusterNodes } from '@drover/proto';
import { type Static, Type } from 'typebox';
import { ClusterSpec } from '../../clusters/cluster-spec.ts';
import { DamagedNames } from './damaged-names.ts';

/** What a cluster file is sent as. */
export const clusterFileTypes = ['application/yaml', 'application/json'];

const properties = {
  name: Type.String(),
  generation: Type.Integer({ description: '+1 at each change of the specification' }),
  createdAt: Type.String({ description: 'ISO 8601' }),
  updatedAt: Type.String({ description: 'ISO 8601' }),
  spec: ClusterSpec,
};

/** A stored cluster. */
export const ClusterResource = Type.Object(properties);
export type ClusterResource = Static<typeof ClusterResource>;

/** A stored cluster, and what storing it did. */
export const AppliedClusterResource = Type.Object({
  change: Type.Union(
    [Type.Literal('created'), Type.Literal('changed'), Type.Literal('unchanged'), Type.Literal('replaced')],
    { description: 'replaced: what was stored under the name was damaged' },
  ),
  ...properties,
});

/** Stored clusters, by name. */
export const ClusterList = Type.Object({ items: Type.Array(ClusterResource), damaged: DamagedNames });

/** The Node objects of a cluster, as its own API shows them now. */
export const ClusterNodesResource = ClusterNodes;

/** Where a kubeconfig’s reader reaches the API. */
export const KubeconfigServer = Type.String({
  description: 'Replaces the API’s address in the document',
  pattern: '^https://',
  examples: ['https://10.0.12.2:6443'],
});

/** Asks for the administrator's kubeconfig, sealed to the caller. */
export const KubeconfigRequest = Type.Object(
  {
    recipientPublicKey: Type.String({ description: 'P-256, SubjectPublicKeyInfo in DER, base64' }),
    server: Type.Optional(KubeconfigServer),
  },
  { additionalProperties: false },
);
export type KubeconfigRequest = Static<typeof KubeconfigRequest>;

/** HPKE (RFC 9180), DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM; info `drover/v1/mint-kubeconfig`. */
export const SealedKubeconfig = Type.Object({ sealed: Type.String({ description: 'base64' }) });
