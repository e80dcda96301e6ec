import { Type } from 'typebox';
import { ClusterDocument } from '../../clusters/cluster-spec.ts';

/** Which nodes a cluster file is proposed for. */
export const AdoptionRequest = Type.Object(
  {
    name: Type.Index(Type.Index(ClusterDocument, ['metadata']), ['name']),
    nodes: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        description: 'By name; by default all connected ones that show one cluster and are in no stored one',
      }),
    ),
    caHash: Type.Optional(
      Type.String({ description: 'Of the cluster’s CA, where nodes show several', pattern: '^sha256:[0-9a-f]{64}$' }),
    ),
  },
  { additionalProperties: false },
);

/** A proposed cluster file. */
export const ClusterProposalResource = Type.Object({
  document: Type.Unknown({ description: 'A cluster file; a value that could not be inferred is null' }),
  notes: Type.Array(
    Type.Object({
      path: Type.Array(Type.Union([Type.String(), Type.Number()]), { description: 'Of a value in the document' }),
      text: Type.String(),
    }),
    { description: 'What has to be known of values: that one is missing, or guessed, or not so on every node' },
  ),
});
