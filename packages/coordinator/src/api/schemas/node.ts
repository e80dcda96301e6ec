import { Facts } from '@drover/proto';
import { type Static, Type } from 'typebox';
import { DamagedNames } from './damaged-names.ts';
import { StoredProblem } from './problem.ts';

const OpenWindow = Type.Object(
  {
    by: Type.String({ description: 'Who opened it' }),
    openedAt: Type.String({ description: 'ISO 8601' }),
    expiresAt: Type.String({ description: 'ISO 8601' }),
  },
  { description: 'Its machine may be installed anew, for one return, without anyone approving it then' },
);

const Rejoin = Type.Object(
  {
    incarnation: Type.Integer({ description: 'The one that rejoins' }),
    cause: Type.Union([
      Type.Literal('reimage'),
      Type.Literal('partial-wipe'),
      Type.Literal('revert'),
      Type.Literal('readmission'),
    ]),
    state: Type.Union([Type.Literal('due'), Type.Literal('running'), Type.Literal('done'), Type.Literal('blocked')], {
      description: 'blocked: it waits for a person',
    }),
    at: Type.String({ description: 'ISO 8601; when the state was entered' }),
    runId: Type.Optional(Type.String({ description: 'The run that brings it back' })),
    problem: Type.Optional(StoredProblem),
    waiting: Type.Optional(
      Type.Object({
        on: Type.String({ description: 'A clause' }),
        since: Type.String({ description: 'ISO 8601' }),
        until: Type.Optional(Type.String({ description: 'ISO 8601; when that is given up. Absent where it is not' })),
      }),
    ),
    claimId: Type.Optional(Type.String({ description: 'The claim that led to it' })),
  },
  { description: 'How its machine becomes a member of its cluster again, or last did' },
);

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
  rebuildWindow: Type.Optional(OpenWindow),
  rejoin: Type.Optional(Rejoin),
});
export type NodeResource = Static<typeof NodeResource>;

/** Nodes, by name. */
export const NodeList = Type.Object({ items: Type.Array(NodeResource), damaged: DamagedNames });

/** Takes a node out of its cluster. */
export const NodeRemovalRequest = Type.Object(
  {
    dead: Type.Optional(
      Type.Boolean({
        description: 'Its machine will not come back: it is neither drained nor reset, and what ran on it is given up',
        default: false,
      }),
    ),
    deleteUnmanagedPods: Type.Optional(
      Type.Boolean({
        description: 'Pods that no controller makes again are deleted too; otherwise they stand in the way',
        default: false,
      }),
    ),
  },
  { additionalProperties: false },
);

/** A node that was removed: its machine is refused until the node is readmitted or forgotten. */
export const RemovedNodeResource = Type.Object({
  nodeId: Type.String(),
  name: Type.String(),
  incarnation: Type.Integer(),
  removedAt: Type.String({ description: 'ISO 8601' }),
});
export type RemovedNodeResource = Static<typeof RemovedNodeResource>;

/** Removed nodes, by name. */
export const RemovedNodeList = Type.Object({ items: Type.Array(RemovedNodeResource) });

/** What a node's agent observed. */
export const FactsResource = Type.Object({
  node: Type.String(),
  gatheredAt: Type.String({ description: 'ISO 8601, on the coordinator’s clock' }),
  fresh: Type.Boolean({ description: 'Gathered for this request; otherwise the last that are known' }),
  clockSkewMs: Type.Number({ description: 'The node’s clock minus the coordinator’s' }),
  facts: Facts,
});
export type FactsResource = Static<typeof FactsResource>;
