import { Facts } from '@drover/proto';
import { type Static, Type } from 'typebox';
import { DamagedNames } from './damaged-names.ts';

/** A machine that Drover knows. */
export const NodeResource = Type.Object({
  name: Type.String(),
  nodeId: Type.String(),
  incarnation: Type.Integer({ description: '0 until the first enrolment, then +1 at each' }),
  enrolled: Type.Boolean(),
  connected: Type.Boolean(),
  createdAt: Type.String({ description: 'ISO 8601' }),
  enrolledAt: Type.Optional(Type.String({ description: 'ISO 8601, of the present incarnation' })),
  connectedAt: Type.Optional(Type.String({ description: 'ISO 8601' })),
  agentVersion: Type.Optional(Type.String()),
  clusters: Type.Array(Type.String(), { description: 'The stored clusters that name it' }),
});
export type NodeResource = Static<typeof NodeResource>;

/** Nodes, by name. */
export const NodeList = Type.Object({ items: Type.Array(NodeResource), damaged: DamagedNames });

/** What a node's agent observed. */
export const FactsResource = Type.Object({
  node: Type.String(),
  gatheredAt: Type.String({ description: 'ISO 8601, on the coordinator’s clock' }),
  fresh: Type.Boolean({ description: 'Gathered for this request; otherwise the last that are known' }),
  clockSkewMs: Type.Number({ description: 'The node’s clock minus the coordinator’s' }),
  facts: Facts,
});
export type FactsResource = Static<typeof FactsResource>;
